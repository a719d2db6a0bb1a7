using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Http;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.Protocols.OpenInference.Settings;
using Slipway.Protocols.SageMaker;
using Slipway.Protocols.TensorFlowServing.Rest;
using Slipway.Protocols.Tracing;

namespace Slipway.Protocols;

/// <summary>Brings the protocols into a container.</summary>
public static class ProtocolsServiceCollectionExtensions
{
    /// <summary>
    /// Adds what the protocol endpoints need. The container must also have Core's <c>IInferenceService</c>, <c>IModelCatalog</c>, <c>IModelControl</c> and
    /// <c>IModelStatistics</c>. Routes come with the <c>Map…</c> methods of each protocol.
    /// </summary>
    public static IServiceCollection AddSlipwayProtocols(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ProtocolMetrics>();
        services.AddOptions<HttpProtocolOptions>()
            .Validate(static options => options.MaxJsonBytes > 0, "MaxJsonBytes must be 1 or more")
            .Validate(static options => options.MaxBodyBytes > 0, "MaxBodyBytes must be 1 or more")
            .Validate(static options => options.MaxDecompressedBytes > 0, "MaxDecompressedBytes must be 1 or more")
            .Validate(static options => options.MaxBufferedBytes > 0, "MaxBufferedBytes must be 1 or more")
            .ValidateOnStart();
        services.AddOptions<GrpcOptions>()
            .Validate(static options => options.MaxReceiveMessageSize is >= 1024 and <= GrpcOptions.LargestMessage, "MaxReceiveMessageSize must be 1 KiB or more and fit an array")
            .Validate(static options => options.MaxDecompressedMessageSize is >= 1024 and <= GrpcOptions.LargestMessage, "MaxDecompressedMessageSize must be 1 KiB or more and fit an array")
            .Validate(static options => options.CompressionThreshold >= 0, "CompressionThreshold must be 0 or more")
            .Validate(static options => options.MaxStreamConcurrency is >= 1 and <= 4096, "MaxStreamConcurrency must be 1 to 4096")
            .Validate(static options => options.HealthWatchIntervalMilliseconds is >= 10 and <= 3_600_000, "HealthWatchIntervalMilliseconds must be 10 to 3600000")
            .ValidateOnStart();
        services.TryAddSingleton(static provider => new BodyLimits(provider.GetRequiredService<IOptions<HttpProtocolOptions>>().Value));
        services.TryAddSingleton<InferBodySource>();
        services.TryAddSingleton<InferHandler>();
        services.TryAddSingleton<GenerateHandler>();
        services.TryAddSingleton<ServerHandlers>();
        services.TryAddSingleton<ModelHandlers>();
        services.TryAddSingleton<RepositoryHandlers>();
        services.TryAddSingleton<InsightHandlers>();
        services.TryAddSingleton(static provider => new LogSettings(provider.GetRequiredService<ILoggerFactory>(), provider.GetService<LogThreshold>()));
        services.TryAddSingleton(static provider => new TraceSettings(provider.GetService<TraceSampling>()));
        services.TryAddSingleton<SettingsHandlers>();
        services.AddOptions<TensorFlowServingOptions>();
        services.TryAddSingleton<PredictionHandler>();
        services.TryAddSingleton<ModelInformationHandler>();
        services.AddOptions<SageMakerOptions>();
        services.TryAddSingleton<InvocationsHandler>();
        services.TryAddSingleton<LoadedModelsHandler>();
        return services;
    }
}
