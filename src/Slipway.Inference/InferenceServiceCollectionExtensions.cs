using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Scheduling;
using Slipway.Inference.Serving;
using Slipway.Inference.Telemetry;
using Slipway.Inference.Versions;

namespace Slipway.Inference;

/// <summary>Adds inference to a host.</summary>
public static class InferenceServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="IInferenceService"/>, <see cref="IModelCatalog"/>, <see cref="IModelControl"/> and <see cref="IModelStatistics"/>, and what starts and
    /// ends them with the host. The host brings logging, metrics, an <see cref="IModelSource"/>, an <see cref="IModelPreparer"/> and one or more <see cref="IModelRuntime"/>.
    /// Bind <see cref="LoadingOptions"/> and <see cref="SchedulingOptions"/> to change their defaults.
    /// </summary>
    public static IServiceCollection AddSlipwayInference(this IServiceCollection services)
    {
        services.AddOptions<LoadingOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LoadingOptions>, LoadingOptionsValidator>());
        services.AddOptions<SchedulingOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SchedulingOptions>, SchedulingOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);

        services.TryAddSingleton<InferenceMetrics>();
        services.TryAddSingleton<RunThreads>();
        services.TryAddSingleton<RunPermits>();
        services.TryAddSingleton<SchedulingServices>();

        services.TryAddSingleton<ModelWarmup>();
        services.TryAddSingleton<ServableLoader>();
        services.TryAddSingleton<ModelDirectory>();
        services.TryAddSingleton<VersionManager>();
        services.TryAddSingleton<DesiredStateWatcher>();
        services.TryAddSingleton<ServableLookup>();
        services.TryAddSingleton<Admission>();
        services.TryAddSingleton<ModelObserver>();

        services.TryAddSingleton<IInferenceService, InferenceService>();
        services.TryAddSingleton<IModelCatalog, ModelCatalog>();
        services.TryAddSingleton<IModelControl, ModelControl>();
        services.TryAddSingleton<IModelStatistics, ModelStatistics>();
        services.AddHostedService<InferenceHost>();
        return services;
    }
}
