using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.OpenInference.Grpc;

/// <summary>Maps Open Inference over gRPC.</summary>
public static class OpenInferenceGrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps every method of <c>inference.GRPCInferenceService</c>.</summary>
    public static IEndpointRouteBuilder MapOpenInferenceGrpc(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        InferHandler infer = new(services.GetRequiredService<IInferenceService>(), services.GetService<ProtocolMetrics>(), time);
        OpenInferenceGrpcService service = new(services.GetRequiredService<IModelCatalog>());

        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelInfer", Permission.Infer, infer.HandleAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ServerLive", Permission.None, OpenInferenceGrpcService.ServerLiveAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ServerReady", Permission.None, service.ServerReadyAsync);
        endpoints.MapGrpc(GrpcServices.OpenInference, "ModelReady", Permission.None, service.ModelReadyAsync);
        return endpoints;
    }
}
