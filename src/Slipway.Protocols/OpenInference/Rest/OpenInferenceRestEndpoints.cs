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
        MapInference(routes, services.GetRequiredService<InferHandler>(), services.GetRequiredService<GenerateHandler>());
        MapRepository(routes, services.GetRequiredService<RepositoryHandlers>());
        MapInsight(routes, services.GetRequiredService<InsightHandlers>());
        MapSettings(routes, services.GetRequiredService<SettingsHandlers>());
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

    private static void MapInference(ProtocolRoutes routes, InferHandler infer, GenerateHandler generate)
    {
        foreach (string root in (string[])[Model, Version])
        {
            routes.MapUnguardedPost(root + "/infer", Permission.Infer, infer.HandleAsync);
            routes.MapUnguardedPost(root + "/generate", Permission.Infer, generate.HandleAsync);
            routes.MapUnguardedPost(root + "/generate_stream", Permission.Infer, generate.HandleStreamAsync);
        }
    }

    private static void MapRepository(ProtocolRoutes routes, RepositoryHandlers repository)
    {
        foreach (string root in (string[])["/v2/repository", "/v2/repository/{repository}"])
        {
            routes.MapPost(root + "/index", Permission.ReadModels, repository.IndexAsync);
            routes.MapPost(root + "/models/{model}/load", Permission.ManageModels, repository.LoadAsync);
            routes.MapPost(root + "/models/{model}/unload", Permission.ManageModels, repository.UnloadAsync);
        }
    }

    private static void MapInsight(ProtocolRoutes routes, InsightHandlers insight)
    {
        routes.MapGet("/v2/models/stats", Permission.ReadModels, insight.StatisticsAsync);
        foreach (string root in (string[])[Model, Version])
        {
            routes.MapGet(root + "/stats", Permission.ReadModels, insight.StatisticsAsync);
            routes.MapGet(root + "/config", Permission.ReadModels, insight.ConfigAsync);
        }

        foreach (string path in (string[])["/v2/systemsharedmemory/{**rest}", "/v2/cudasharedmemory/{**rest}"])
        {
            routes.MapGet(path, Permission.ReadServer, InsightHandlers.RefuseSharedMemory);
            routes.MapPost(path, Permission.ManageServer, InsightHandlers.RefuseSharedMemory);
        }
    }

    private static void MapSettings(ProtocolRoutes routes, SettingsHandlers settings)
    {
        routes.MapGet("/v2/logging", Permission.ReadServer, settings.LoggingAsync);
        routes.MapPost("/v2/logging", Permission.ManageServer, settings.ChangeLoggingAsync);
        foreach (string path in (string[])["/v2/trace/setting", Model + "/trace/setting"])
        {
            routes.MapGet(path, Permission.ReadServer, settings.TracingAsync);
            routes.MapPost(path, Permission.ManageServer, settings.ChangeTracingAsync);
        }
    }
}
