using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Grpc;

namespace Slipway.Protocols.Health;

/// <summary>Maps gRPC health checking.</summary>
public static class GrpcHealthEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>grpc.health.v1.Health</c>.</summary>
    public static IEndpointRouteBuilder MapGrpcHealth(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        GrpcOptions options = GrpcOptions.From(services);
        HealthService health = new(
            services.GetRequiredService<IModelCatalog>(),
            new Lazy<FrozenSet<string>>(() => GrpcServices.Mapped(services)),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            TimeSpan.FromMilliseconds(options.HealthWatchIntervalMilliseconds));

        endpoints.MapGrpc(GrpcServices.Health, "Check", Permission.None, health.CheckAsync);
        endpoints.MapGrpc(GrpcServices.Health, "Watch", Permission.None, health.WatchAsync);
        return endpoints;
    }
}
