using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Health;
using Slipway.Protocols.OpenInference.Grpc;
using Slipway.Protocols.Reflection;
using Slipway.Protocols.TensorFlowServing.Grpc;
using Slipway.Protocols.Tests.Fakes;

namespace Slipway.Protocols.Tests.Grpc;

/// <summary>All gRPC services on Kestrel, cleartext HTTP/2 on a free port of loopback, before fake models.</summary>
internal sealed class GrpcTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcTestServer(WebApplication app, FakeModels models)
    {
        _app = app;
        Models = models;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public FakeModels Models { get; }

    public Uri Address { get; }

    public IReadOnlyList<Endpoint> Endpoints => [.. _app.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints];

    public static async Task<GrpcTestServer> StartAsync(Action<GrpcOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        FakeModels models = new();
        builder.Services.AddSingleton<IInferenceService>(models);
        builder.Services.AddSingleton<IModelCatalog>(models);
        builder.Services.AddSingleton<IModelControl>(models);
        builder.Services.AddSingleton<IModelStatistics>(models);
        builder.Services.AddSlipwayProtocols();
        builder.Services.Configure<GrpcOptions>(options => configure?.Invoke(options));
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapOpenInferenceGrpc();
        app.MapTensorFlowServingGrpc();
        app.MapGrpcHealth();
        app.MapGrpcReflection();
        app.MapGrpcUnimplemented();
        await app.StartAsync();
        return new GrpcTestServer(app, models);
    }

    /// <summary>Tells the host to stop, and does not wait.</summary>
    public void Stop() => _app.Lifetime.StopApplication();

    public GrpcTestClient Connect() => new(Address);

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));
        await _app.StopAsync(stop.Token);
        await _app.DisposeAsync();
    }
}
