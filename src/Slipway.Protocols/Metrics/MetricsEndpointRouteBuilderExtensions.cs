using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>Maps the routes that scrapers read.</summary>
public static class MetricsEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>GET /metrics</c> (Prometheus text 0.0.4 or OpenMetrics 1.0, by <c>Accept</c>) and, where the options say so, TensorFlow Serving's address.
    /// Collecting begins here.
    /// </summary>
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        MetricsExposition exposition = endpoints.ServiceProvider.GetRequiredService<MetricsExposition>();
        SlipwayMetricsOptions options = endpoints.ServiceProvider.GetRequiredService<IOptions<SlipwayMetricsOptions>>().Value;
        Map(endpoints, "/metrics", exposition.WriteAsync);
        if (options.TensorFlowNames)
        {
            Map(endpoints, options.TensorFlowPath, exposition.WriteTensorFlowAsync);
        }

        return endpoints;
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, RequestDelegate scrape) =>
        endpoints.MapGet(path, scrape).WithMetadata(new RequiredPermission(Permission.ReadMetrics));
}
