using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Protocols.Metrics.Collection;
using Slipway.Protocols.Metrics.Exposition;
using Slipway.Protocols.Metrics.Otlp;

namespace Slipway.Protocols.Metrics;

/// <summary>Registers metrics.</summary>
public static class MetricsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ProtocolMetrics"/> and what <see cref="MetricsEndpointRouteBuilderExtensions.MapMetrics"/> needs. Nothing is collected unless that is called.
    /// </summary>
    public static IServiceCollection AddSlipwayMetrics(this IServiceCollection services, Action<SlipwayMetricsOptions>? configure = null)
    {
        services.AddMetrics();
        services.AddOptionsWithValidateOnStart<SlipwayMetricsOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SlipwayMetricsOptions>, SlipwayMetricsOptionsValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ProtocolMetrics>();
        services.TryAddSingleton<CollectedSeries>();
        services.TryAddSingleton<IMetricSeriesSource>(static provider => provider.GetRequiredService<CollectedSeries>());
        services.TryAddSingleton<MetricCollector>();
        services.TryAddSingleton(static provider => new MetricsExposition(provider.GetRequiredService<MetricCollector>(), Sources(provider)));
        return services;
    }

    /// <summary>Adds <see cref="OtlpMetrics"/>; what is collected is counted from the moment that it is first asked for.</summary>
    /// <param name="services">The container, with <see cref="AddSlipwayMetrics"/>.</param>
    /// <param name="resource">Attributes of the resource that sends, such as <c>service.name</c>.</param>
    public static IServiceCollection AddOtlpMetrics(this IServiceCollection services, IEnumerable<KeyValuePair<string, string>> resource)
    {
        services.TryAddSingleton(provider => new OtlpMetrics(provider.GetRequiredService<MetricCollector>(), provider.GetRequiredService<TimeProvider>(), resource));
        return services;
    }

    private static IEnumerable<IMetricSource> Sources(IServiceProvider provider)
    {
        yield return new ProcessMetricSource();
        if (provider.GetRequiredService<IOptions<SlipwayMetricsOptions>>().Value.TritonNames)
        {
            yield return new TritonMetricSource(provider.GetRequiredService<IModelStatistics>(), provider.GetRequiredService<ProtocolMetrics>());
        }
    }
}
