using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Serving;
using Slipway.Pipelines.Telemetry;
using Slipway.Server.Options;
using Slipway.Server.Services;

namespace Slipway.Server.Pipelines;

/// <summary>Puts pipelines around routing, so that their steps may ask endpoints.</summary>
internal static class PipelineComposition
{
    /// <summary>Wraps what is registered; whatever wraps it afterwards lies outside. Nothing is there where no pipeline is configured.</summary>
    public static void AddPipelines(this IServiceCollection services, ServerOptions options)
    {
        if (options.Pipelines.Count == 0)
        {
            return;
        }

        Func<IServiceProvider, IInferenceService> inference = services.TakeOut<IInferenceService>();
        Func<IServiceProvider, IModelCatalog> catalog = services.TakeOut<IModelCatalog>();
        Func<IServiceProvider, IModelStatistics> statistics = services.TakeOut<IModelStatistics>();
        Func<IServiceProvider, IModelControl> control = services.TakeOut<IModelControl>();
        services.AddSingleton<PipelineMetrics>();
        services.AddSingleton(provider => new PipelineService(
            options.Pipelines,
            inference(provider),
            catalog(provider),
            provider.GetRequiredService<PipelineMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PipelineService>>()));
        services.AddSingleton(static provider => provider.GetRequiredService<PipelineService>().Inference);
        services.AddSingleton(static provider => provider.GetRequiredService<PipelineService>().Catalog);
        services.AddSingleton(provider => provider.GetRequiredService<PipelineService>().Wrap(statistics(provider)));
        services.AddSingleton(provider => provider.GetRequiredService<PipelineService>().Wrap(control(provider)));
        services.AddHostedService<PipelineWatch>();
    }
}
