using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Security.Keys;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Security.Tests.Hosting;

/// <summary>A real server on free ports of the loopback, with authentication on and two small models.</summary>
internal sealed class SecuredServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private SecuredServer(SlipwayServer server, TemporaryFolder folder, AuditTrail audit)
    {
        (Server, _folder, Audit) = (server, folder, audit);
    }

    public SlipwayServer Server { get; }

    public AuditTrail Audit { get; }

    public IReadOnlyList<RouteEndpoint> Routes => [.. Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static async Task<SecuredServer> StartAsync(Action<ServerOptions>? configure = null, Action<IServiceCollection>? customize = null, Action<TemporaryFolder>? fill = null)
    {
        TemporaryFolder folder = new();
        fill?.Invoke(folder);
        folder.Write("models/fraud-eu/1/model.onnx", OnnxModels.Add(1));
        folder.Write("models/credit/1/model.onnx", OnnxModels.Add(2));
        folder.Age(TimeSpan.FromHours(1));
        ServerOptions options = new() { Data = folder.PathOf("data") };
        options.Models.Path = folder.PathOf("models");
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Security.RequireAuthentication = true;
        configure?.Invoke(options);
        AuditTrail audit = new();
        SlipwayServer server = await SlipwayServer.StartAsync(options, services =>
        {
            services.AddSingleton<IAuditSink>(audit);
            customize?.Invoke(services);
        });
        await server.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return new SecuredServer(server, folder, audit);
    }

    public string KeyFor(params string[] roles) => Server.Services.GetRequiredService<ApiKeys>().Create($"test-{Guid.NewGuid():N}", roles, null, "test").Key;

    /// <summary>A client of one of the listeners, with a key or without.</summary>
    public HttpClient Client(string listener, string? key = null)
    {
        HttpClient client = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = Server.Addresses[listener],
            DefaultRequestVersion = listener == "grpc" ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
