using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Serving;
using Slipway.Pipelines.Telemetry;
using Slipway.Server.Options;
using Slipway.Server.Outbound;
using Slipway.Server.Services;

namespace Slipway.Server.Pipelines;

/// <summary>Puts pipelines between routing and inference, so that an arm of an endpoint may be a pipeline, and lets their steps ask what lies around routing, so that a step may be an endpoint.</summary>
internal static class PipelineComposition
{
    /// <summary>
    /// Wraps what is registered, then what <paramref name="around"/> puts around it. Nothing of pipelines is there where none is configured.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The pipelines.</param>
    /// <param name="around">Registers what lies around pipelines and is asked by their steps.</param>
    public static void AddPipelinesWithin(this IServiceCollection services, ServerOptions options, Action around)
    {
        if (options.Pipelines.Count == 0)
        {
            around();
            return;
        }

        AddPipelines(services, options);
        around();

        // The outermost ones at this place; what wraps them afterwards, guards above all, is for callers from outside.
        Func<IServiceProvider, IInferenceService> inference = services.TakeOut<IInferenceService>();
        Func<IServiceProvider, IModelCatalog> catalog = services.TakeOut<IModelCatalog>();
        services.AddSingleton(inference);
        services.AddSingleton(catalog);
        services.AddSingleton(provider => new StepTargets(
            new Lazy<IInferenceService>(() => inference(provider)), new Lazy<IModelCatalog>(() => catalog(provider))));
    }

    private static void AddPipelines(IServiceCollection services, ServerOptions options)
    {
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
            provider.GetRequiredService<ILogger<PipelineService>>(),
            provider.GetRequiredService<OutboundConnections>().Handler,
            provider.GetRequiredService<StepTargets>()));
        services.AddSingleton(static provider => provider.GetRequiredService<PipelineService>().Inference);
        services.AddSingleton(static provider => provider.GetRequiredService<PipelineService>().Catalog);
        services.AddSingleton(provider => provider.GetRequiredService<PipelineService>().Wrap(statistics(provider)));
        services.AddSingleton(provider => provider.GetRequiredService<PipelineService>().Wrap(control(provider)));
        services.AddHostedService<PipelineWatch>();
    }
}
