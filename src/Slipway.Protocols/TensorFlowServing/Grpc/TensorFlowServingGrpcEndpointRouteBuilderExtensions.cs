using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>Maps TensorFlow Serving over gRPC.</summary>
public static class TensorFlowServingGrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>tensorflow.serving.PredictionService</c>, <c>ModelService</c> and <c>SessionService</c>.</summary>
    public static IEndpointRouteBuilder MapTensorFlowServingGrpc(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        IModelCatalog catalog = services.GetRequiredService<IModelCatalog>();
        IInferenceService inference = services.GetRequiredService<IInferenceService>();
        ProtocolMetrics? metrics = services.GetService<ProtocolMetrics>();

        PredictHandler predict = new(inference, catalog, metrics, time, GrpcOptions.From(services));
        endpoints.MapGrpc(GrpcServices.Prediction, "Predict", Permission.Infer, predict.HandleAsync);

        ExampleService examples = new(inference, catalog, metrics);
        endpoints.MapGrpc(GrpcServices.Prediction, "Classify", Permission.Infer, examples.ClassifyAsync);
        endpoints.MapGrpc(GrpcServices.Prediction, "Regress", Permission.Infer, examples.RegressAsync);
        endpoints.MapGrpc(GrpcServices.Prediction, "MultiInference", Permission.Infer, examples.MultiInferenceAsync);

        ModelMetadataHandler metadata = new(catalog);
        endpoints.MapGrpc(GrpcServices.Prediction, "GetModelMetadata", Permission.ReadModels, metadata.HandleAsync);

        ModelGrpcService models = new(catalog, services.GetService<IModelListControl>(), time);
        endpoints.MapGrpc(GrpcServices.Model, "GetModelStatus", Permission.ReadModels, models.GetStatusAsync);
        endpoints.MapGrpc(GrpcServices.Model, "HandleReloadConfigRequest", Permission.ManageModels, models.ReloadConfigAsync);

        endpoints.MapGrpc(GrpcServices.Session, "SessionRun", Permission.Infer, static _ => throw new SlipwayException(
            ErrorCode.NotSupported, "SessionRun is not supported: models run as a whole; use Predict"));
        return endpoints;
    }
}
