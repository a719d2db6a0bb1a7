using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.Metrics.Otlp;
using Slipway.Protocols.Tracing;
using Slipway.Server.Outbound;

namespace Slipway.Server.Telemetry;

/// <summary>Puts the export of traces and metrics into a server; both calls do nothing when no endpoint is named.</summary>
internal static class TelemetryHostExtensions
{
    /// <summary>Adds the export.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        if (options.Endpoint is not null)
        {
            TelemetryResource resource = TelemetryResource.Of(options);
            if (options.Traces)
            {
                services.AddHostedService(_ => new TraceExport(options, resource));
                services.AddSingleton(new TraceSampling(options.SamplingRatio));
            }

            if (options.Metrics)
            {
                services.AddOtlpMetrics(resource.Attributes);
                services.TryAddSingleton<OutboundConnections>();
                services.AddHostedService(provider => new MetricsExport(
                    options,
                    provider.GetRequiredService<OtlpMetrics>(),
                    provider.GetRequiredService<OutboundConnections>().Handler,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<MetricsExport>>()));
            }
        }

        return services;
    }

    /// <summary>Begins spans for traced requests; goes between routing and the endpoints.</summary>
    public static IApplicationBuilder UseTelemetry(this IApplicationBuilder application, TelemetryOptions options)
    {
        // The composition root is where the process's own source of chance is handed out.
#pragma warning disable RS0030
        return options is { Endpoint: not null, Traces: true } ? application.UseRequestTracing(Random.Shared) : application;
#pragma warning restore RS0030
    }
}
