using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Core;
using Slipway.Mlflow.Artifacts;
using Slipway.Mlflow.Registry;
using Slipway.Mlflow.Scoring;
using Slipway.Mlflow.Tracking;
using Slipway.Protocols.SageMaker;

namespace Slipway.Mlflow;

/// <summary>Brings MLflow's protocol into a container.</summary>
public static class MlflowServiceCollectionExtensions
{
    /// <summary>
    /// Adds what MLflow's API needs, has models that came with an <c>MLmodel</c> file invoked in MLflow's forms, and reads their examples. Needs <c>AddSlipwayProtocols</c>.
    /// Routes come with <see cref="MlflowEndpoints.MapMlflow"/>.
    /// </summary>
    public static IServiceCollection AddSlipwayMlflow(this IServiceCollection services)
    {
        services.TryAddSingleton<IInvocationForms, ScoringInvocations>();
        services.TryAddSingleton<IInputExampleReader, ScoringExample>();
        services.AddOptions<MlflowOptions>()
            .Validate(static options => options.MaxArtifactBytes > 0, "MaxArtifactBytes must be 1 or more")
            .ValidateOnStart();
        services.TryAddSingleton<ExperimentCalls>();
        services.TryAddSingleton<RunCalls>();
        services.TryAddSingleton<LoggingCalls>();
        services.TryAddSingleton<MetricCalls>();
        services.TryAddSingleton<LoggedModelCalls>();
        services.TryAddSingleton<VersionFolders>();
        services.TryAddSingleton<VersionSources>();
        services.TryAddSingleton<VersionPublisher>();
        services.TryAddSingleton<RegisteredModelCalls>();
        services.TryAddSingleton<ModelVersionCalls>();
        services.TryAddSingleton<ArtifactCalls>();
        services.TryAddSingleton<ArtifactProxyCalls>();
        return services;
    }
}
