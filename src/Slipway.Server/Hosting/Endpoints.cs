using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Mlflow;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Health;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.OpenInference.Grpc;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.Protocols.Reflection;
using Slipway.Protocols.SageMaker;
using Slipway.Protocols.TensorFlowServing.Grpc;
using Slipway.Protocols.TensorFlowServing.Rest;
using Slipway.Server.Listeners;
using Slipway.Server.Management;
using Slipway.Server.Options;
using Slipway.Server.Registry;
using Slipway.Server.Traffic;
using Slipway.Server.Trust;

namespace Slipway.Server.Hosting;

/// <summary>Everything the server answers to, by plane.</summary>
internal static class Endpoints
{
    /// <summary>Maps every endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerOptions options)
    {
        IEndpointRouteBuilder data = routes.MapGroup("").WithMetadata(new PlaneMetadata(Plane.Data)).AnsweringHead().Audited().WithReceipts();
        data.MapOpenInferenceRest();
        data.MapOpenInferenceGrpc();
        data.MapTensorFlowServingRest();
        data.MapTensorFlowServingGrpc();
        data.MapSageMaker();
        data.MapGrpcHealth();
        data.MapGrpcReflection();
        data.MapGrpcUnimplemented();

        IEndpointRouteBuilder admin = routes.MapGroup("").WithMetadata(new PlaneMetadata(Plane.Admin)).AnsweringHead().Audited();
        admin.MapManagement();
        admin.MapEndpoints();
        admin.MapRollouts();
        admin.MapExperiments();
        admin.MapFeedback();
        admin.MapRegistry();
        admin.MapDocuments();
        if (routes.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IModelRegistry)))
        {
            admin.MapMlflow();
        }

        if (options.Metrics.Enabled)
        {
            admin.MapMetrics();
        }
    }
}
