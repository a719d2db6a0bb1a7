using Microsoft.AspNetCore.Routing;
using Slipway.Core;
using Slipway.Server.Options;

namespace Slipway.Security.Tests.Hosting;

/// <summary>Every route that there is, called by those who may not.</summary>
public sealed class RouteAccessTests
{
    // Probes, and what a browser asks before it may send credentials. A route that is added here is open to the world.
    private static readonly string[] Open =
    [
        "GET /v2/health/live", "GET /v2/health/ready", "GET /ping", "OPTIONS /v1/{**rest}",
        // MLflow's clients and scoring clients ask for these before they send anything.
        "GET /health", "GET /version",
        "POST /grpc.health.v1.Health/Check", "POST /grpc.health.v1.Health/Watch",
        "POST /inference.GRPCInferenceService/ServerLive", "POST /inference.GRPCInferenceService/ServerReady",
    ];

    [Fact]
    public async Task Without_credentials_nothing_answers_but_probes()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(EverythingOn);
        IReadOnlyList<RouteEndpoint> routes = server.Routes;
        Assert.True(routes.Count > 60, $"only {routes.Count} routes");
        Assert.Equal(Open.Order(StringComparer.Ordinal), routes.Where(static route => RouteCalls.PermissionOf(route) == Permission.None).Select(RouteCalls.NameOf).Distinct().Order(StringComparer.Ordinal));

        List<string> wrong = [];
        foreach (RouteEndpoint route in routes.Where(static route => RouteCalls.PermissionOf(route) != Permission.None))
        {
            using HttpClient client = server.Client(RouteCalls.ListenerOf(route));
            string status = await RouteCalls.CallAsync(client, route);
            if (status is not ("401" or "UNAUTHENTICATED"))
            {
                wrong.Add($"{RouteCalls.NameOf(route)}: {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.NotEmpty(server.Audit.Events);
        Assert.All(server.Audit.Events, static entry => Assert.Equal(("access.unauthenticated", AuditOutcome.Denied, "anonymous"), (entry.Action, entry.Outcome, entry.Actor)));
    }

    [Fact]
    public async Task A_viewer_gets_through_exactly_where_its_permissions_say()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(EverythingOn);
        string key = server.KeyFor("viewer");
        Permission[] may = [Permission.None, Permission.AnyCaller, Permission.ReadModels, Permission.ReadRegistry, Permission.ReadMonitoring];
        List<string> wrong = [];
        foreach (RouteEndpoint route in server.Routes)
        {
            using HttpClient client = server.Client(RouteCalls.ListenerOf(route), key);
            string status = await RouteCalls.CallAsync(client, route);
            bool denied = status is "403" or "PERMISSION_DENIED";
            if (denied == may.Contains(RouteCalls.PermissionOf(route)) || status is "401" or "UNAUTHENTICATED")
            {
                wrong.Add($"{RouteCalls.NameOf(route)} ({RouteCalls.PermissionOf(route)}): {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task A_key_for_other_models_is_refused_wherever_a_route_names_this_one()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(EverythingOn);
        string key = server.KeyFor("admin:other-*");
        List<string> wrong = [];
        foreach (RouteEndpoint route in server.Routes.Where(static route => route.RoutePattern.RawText!.Contains("{model}", StringComparison.Ordinal)
            || route.RoutePattern.RawText!.Contains("models/{name}", StringComparison.Ordinal)))
        {
            if (RouteCalls.PermissionOf(route) is Permission.AnyCaller)
            {
                continue;
            }

            using HttpClient client = server.Client(RouteCalls.ListenerOf(route), key);
            string status = await RouteCalls.CallAsync(client, route);

            // Infer reads the body before it knows what to ask for: an empty one is refused as such.
            if (status != "403" && !(RouteCalls.PermissionOf(route) == Permission.Infer && status == "400"))
            {
                wrong.Add($"{RouteCalls.NameOf(route)}: {status}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static void EverythingOn(ServerOptions options) => options.Protocols.TritonMetrics = options.Protocols.TensorflowMetrics = options.Protocols.TensorflowCors = true;
}
