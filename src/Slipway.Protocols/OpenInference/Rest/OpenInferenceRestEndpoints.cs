using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>The Open Inference protocol over HTTP, with the extensions that Triton's clients use.</summary>
public static class OpenInferenceRestEndpoints
{
    private const string Model = "/v2/models/{model}";
    private const string Version = Model + "/versions/{version}";

    /// <summary>
    /// Maps everything under <c>/v2</c>. Needs <c>AddSlipwayProtocols</c>, and the interfaces of Core in the container.
    /// </summary>
    public static IEndpointRouteBuilder MapOpenInferenceRest(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        ProtocolRoutes routes = new(endpoints, services.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.Protocols.OpenInference.Rest"));
        MapServer(routes, services.GetRequiredService<ServerHandlers>());
        MapModels(routes, services.GetRequiredService<ModelHandlers>());
        MapInference(routes, services.GetRequiredService<InferHandler>());
        routes.MapRest("/v2/{**rest}", static context => HttpFailure.WriteAsync(context, StatusCodes.Status404NotFound, "Not Found"));
        return endpoints;
    }

    private static void MapServer(ProtocolRoutes routes, ServerHandlers server)
    {
        routes.MapGet("/v2/health/live", Permission.None, ServerHandlers.LiveAsync);
        routes.MapGet("/v2/health/ready", Permission.None, server.ReadyAsync);
        routes.MapGet("/v2", Permission.ReadModels, ServerHandlers.MetadataAsync);
    }

    private static void MapModels(ProtocolRoutes routes, ModelHandlers models)
    {
        routes.MapGet("/v2/models", Permission.ReadModels, models.ListAsync);
        foreach (string root in (string[])[Model, Version])
        {
            routes.MapGet(root, Permission.ReadModels, models.MetadataAsync);
            routes.MapGet(root + "/ready", Permission.ReadModels, models.ReadyAsync);
        }
    }

    private static void MapInference(ProtocolRoutes routes, InferHandler infer)
    {
        routes.MapUnguardedPost(Model + "/infer", Permission.Infer, infer.HandleAsync);
        routes.MapUnguardedPost(Version + "/infer", Permission.Infer, infer.HandleAsync);
    }
}
