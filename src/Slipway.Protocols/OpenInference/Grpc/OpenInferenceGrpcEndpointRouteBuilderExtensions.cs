using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.OpenInference.Settings;
using Slipway.Protocols.Tracing;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Maps Open Inference over gRPC.</summary>
public static class OpenInferenceGrpcEndpointRouteBuilderExtensions
{
    private static readonly string[] SharedMemoryMethods =
    [
        "SystemSharedMemoryStatus", "SystemSharedMemoryRegister", "SystemSharedMemoryUnregister",
        "CudaSharedMemoryStatus", "CudaSharedMemoryRegister", "CudaSharedMemoryUnregister",
    ];

    /// <summary>Maps every method of <c>inference.GRPCInferenceService</c>.</summary>
    public static IEndpointRouteBuilder MapOpenInferenceGrpc(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        IModelCatalog catalog = services.GetRequiredService<IModelCatalog>();
        IInferenceService inference = services.GetRequiredService<IInferenceService>();
        ProtocolMetrics? metrics = services.GetService<ProtocolMetrics>();

        InferHandler infer = new(inference, catalog, metrics, time);
        StreamInferHandler stream = new(inference, catalog, metrics, GrpcOptions.From(services));
        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelInfer", Permission.Infer, infer.HandleAsync);
        endpoints.MapGrpcStream(GrpcServices.OpenInference, "ModelStreamInfer", Permission.Infer, stream.HandleAsync);

        OpenInferenceGrpcService service = new(catalog, services.GetRequiredService<IModelStatistics>());
        endpoints.MapGrpc(GrpcServices.OpenInference, "ServerLive", Permission.None, OpenInferenceGrpcService.ServerLiveAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ServerReady", Permission.None, service.ServerReadyAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ServerMetadata", Permission.ReadModels, OpenInferenceGrpcService.ServerMetadataAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelReady", Permission.ReadModels, service.ModelReadyAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelMetadata", Permission.ReadModels, service.ModelMetadataAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelConfig", Permission.ReadModels, service.ModelConfigAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelStatistics", Permission.ReadModels, service.ModelStatisticsAsync);

        RepositoryGrpcService repository = new(catalog, services.GetRequiredService<IModelControl>());
        endpoints.MapGrpc(GrpcServices.OpenInference, "RepositoryIndex", Permission.ReadModels, repository.IndexAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "RepositoryModelLoad", Permission.ManageModels, repository.LoadAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "RepositoryModelUnload", Permission.ManageModels, repository.UnloadAsync);

        // Each of these calls can change what it tells.
        SettingsGrpcService settings = new(
            catalog,
            new LogSettings(services.GetRequiredService<ILoggerFactory>(), services.GetService<LogThreshold>()),
            new TraceSettings(services.GetService<TraceSampling>()));
        endpoints.MapGrpc(GrpcServices.OpenInference, "LogSettings", Permission.ManageServer, settings.LogAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "TraceSetting", Permission.ManageServer, settings.TraceAsync);

        foreach (string method in SharedMemoryMethods)
        {
            endpoints.MapGrpc(GrpcServices.OpenInference, method, Permission.ManageServer, static _ => throw new SlipwayException(
                ErrorCode.NotSupported, "shared memory is not supported; send tensors in raw_input_contents"));
        }

        return endpoints;
    }
}
