using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Listeners;
using Slipway.Server.Options;

namespace Slipway.Server.Tests.Hosting;

public sealed class RouteTests
{
    [Fact]
    public async Task Every_route_says_what_permission_it_needs_and_on_which_plane_it_answers()
    {
        ServerOptions options = new();
        options.Protocols.TritonMetrics = options.Protocols.TensorflowMetrics = true;
        options.Models.Path = AppContext.BaseDirectory;
        await using WebApplication application = Composition.Build(options, ListenerSet.Create(options), customize: null);
        Endpoint[] routes = [.. ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints)];

        Assert.True(routes.Length > 30, $"only {routes.Length} routes");
        string[] silent =
        [
            .. routes.Where(route => route.Metadata.GetOrderedMetadata<RequiredPermission>().Count != 1
                    || route.Metadata.GetOrderedMetadata<PlaneMetadata>().Count != 1
                    || route.Metadata.GetMetadata<PlaneMetadata>()!.Plane == Plane.None)
                .Select(route => route.DisplayName ?? "?"),
        ];
        Assert.Empty(silent);
    }

    [Fact]
    public async Task Every_route_that_answers_GET_answers_HEAD()
    {
        ServerOptions options = new();
        options.Protocols.TritonMetrics = options.Protocols.TensorflowMetrics = true;
        options.Models.Path = AppContext.BaseDirectory;
        await using WebApplication application = Composition.Build(options, ListenerSet.Create(options), customize: null);
        IEnumerable<Endpoint> routes = ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints);

        IReadOnlyList<string>[] verbs = [.. routes.Select(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Where(verbs => verbs.Contains("GET"))];
        Assert.True(verbs.Length > 30, $"only {verbs.Length} routes");
        Assert.All(verbs, static verbs => Assert.Contains("HEAD", verbs));
    }

    [Fact]
    public async Task What_changes_the_server_needs_a_permission_to_change_it()
    {
        ServerOptions options = new();
        options.Models.Path = AppContext.BaseDirectory;
        await using WebApplication application = Composition.Build(options, ListenerSet.Create(options), customize: null);
        IEnumerable<RouteEndpoint> routes = ((IEndpointRouteBuilder)application).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

        string[] changing = ["load", "unload", "RepositoryModelLoad", "RepositoryModelUnload", "HandleReloadConfigRequest"];
        RouteEndpoint[] found = [.. routes.Where(route => changing.Contains(route.RoutePattern.RawText!.Split('/')[^1])
            && route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)];
        Assert.True(found.Length >= 5, $"only {found.Length} routes that change something");
        Assert.All(found, route => Assert.Equal(Permission.ManageModels, route.Metadata.GetMetadata<RequiredPermission>()!.Permission));
    }
}
