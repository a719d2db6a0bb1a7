using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Mlflow.Artifacts;
using Slipway.Mlflow.Registry;
using Slipway.Mlflow.Tracking;
using Slipway.Mlflow.Wire;
using Slipway.Protocols.Http;

namespace Slipway.Mlflow;

/// <summary>MLflow's tracking, registry and artifact API, over Core's contracts.</summary>
public static class MlflowEndpoints
{
    /// <summary>The version of MLflow whose answers these are.</summary>
    public const string Version = "3.6.1";

    private const string Model = "logged-models/{id}";

    /// <summary>
    /// Maps the whole API. Needs <c>AddSlipwayProtocols</c> and <c>AddSlipwayMlflow</c>, and <c>IModelRegistry</c>, <c>ITrackingStore</c>, <c>IArtifactStore</c> and <c>IBlobStore</c> in the container.
    /// </summary>
    public static IEndpointRouteBuilder MapMlflow(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.Mlflow");
        MlflowRoutes routes = new(endpoints, services.GetRequiredService<BodyLimits>(), logger);
        MapServer(routes);
        MapExperiments(routes, services.GetRequiredService<ExperimentCalls>());
        MapRuns(routes, services.GetRequiredService<RunCalls>(), services.GetRequiredService<LoggingCalls>());
        MapMetrics(routes, services.GetRequiredService<MetricCalls>());
        MapLoggedModels(routes, services.GetRequiredService<LoggedModelCalls>());
        MapModels(routes, services.GetRequiredService<RegisteredModelCalls>());
        MapVersions(routes, services.GetRequiredService<ModelVersionCalls>());
        MapArtifacts(routes, services.GetRequiredService<ArtifactCalls>(), services.GetRequiredService<ArtifactProxyCalls>());
        return endpoints;
    }

    private static void MapServer(MlflowRoutes routes)
    {
        routes.Raw(HttpMethods.Get, "/health", Permission.None, static context => TextAsync(context, "OK"));
        routes.Raw(HttpMethods.Get, "/version", Permission.None, static context => TextAsync(context, Version));
        routes.Get("server-features", Permission.AnyCaller, static _ => Task.FromResult<MlflowAnswer>(static json => json.WriteBoolean("workspaces_enabled", false)));
        foreach (string root in (string[])["/api/2.0/{**rest}", "/api/3.0/{**rest}", "/ajax-api/{**rest}"])
        {
            routes.Rest(root, UnknownAsync);
        }
    }

    private static void MapExperiments(MlflowRoutes routes, ExperimentCalls calls)
    {
        routes.Post("experiments/create", Permission.WriteRegistry, calls.CreateAsync);
        routes.Get("experiments/get", Permission.ReadRegistry, calls.GetAsync);
        routes.Get("experiments/get-by-name", Permission.ReadRegistry, calls.GetByNameAsync);
        routes.Get("experiments/search", Permission.ReadRegistry, calls.SearchAsync);
        routes.Post("experiments/search", Permission.ReadRegistry, calls.SearchAsync);
        routes.Post("experiments/update", Permission.WriteRegistry, calls.UpdateAsync);
        routes.Post("experiments/delete", Permission.DeleteRegistry, calls.DeleteAsync);
        routes.Post("experiments/restore", Permission.DeleteRegistry, calls.RestoreAsync);
        routes.Post("experiments/set-experiment-tag", Permission.WriteRegistry, calls.SetTagAsync);
        routes.Post("experiments/delete-experiment-tag", Permission.WriteRegistry, calls.DeleteTagAsync);
        routes.Post("experiments/search-datasets", Permission.ReadRegistry, calls.SearchDatasetsAsync);
    }

    private static void MapRuns(MlflowRoutes routes, RunCalls runs, LoggingCalls logging)
    {
        routes.Post("runs/create", Permission.WriteRegistry, runs.CreateAsync);
        routes.Get("runs/get", Permission.ReadRegistry, runs.GetAsync);
        routes.Post("runs/update", Permission.WriteRegistry, runs.UpdateAsync);
        routes.Post("runs/delete", Permission.DeleteRegistry, runs.DeleteAsync);
        routes.Post("runs/restore", Permission.DeleteRegistry, runs.RestoreAsync);
        routes.Post("runs/search", Permission.ReadRegistry, runs.SearchAsync);
        routes.Post("runs/log-metric", Permission.WriteRegistry, logging.LogMetricAsync);
        routes.Post("runs/log-parameter", Permission.WriteRegistry, logging.LogParameterAsync);
        routes.Post("runs/set-tag", Permission.WriteRegistry, logging.SetTagAsync);
        routes.Post("runs/delete-tag", Permission.WriteRegistry, logging.DeleteTagAsync);
        routes.Post("runs/log-batch", Permission.WriteRegistry, logging.LogBatchAsync);
        routes.Post("runs/log-model", Permission.WriteRegistry, logging.LogModelAsync);
        routes.Post("runs/log-inputs", Permission.WriteRegistry, logging.LogInputsAsync);
        routes.Post("runs/outputs", Permission.WriteRegistry, logging.LogOutputsAsync);
    }

    private static void MapMetrics(MlflowRoutes routes, MetricCalls calls)
    {
        routes.Get("metrics/get-history", Permission.ReadRegistry, calls.GetHistoryAsync);
        routes.Get("metrics/get-history-bulk-interval", Permission.ReadRegistry, calls.GetHistoriesAsync);
        routes.Get("metrics/get-history-bulk", Permission.ReadRegistry, calls.GetBulkAsync);
    }

    private static void MapLoggedModels(MlflowRoutes routes, LoggedModelCalls calls)
    {
        routes.Post("logged-models", Permission.WriteRegistry, calls.CreateAsync);
        routes.Post("logged-models/search", Permission.ReadRegistry, calls.SearchAsync);
        routes.Get(Model, Permission.ReadRegistry, calls.GetAsync);
        routes.Patch(Model, Permission.WriteRegistry, calls.FinishAsync);
        routes.Delete(Model, Permission.DeleteRegistry, calls.DeleteAsync);
        routes.Patch(Model + "/tags", Permission.WriteRegistry, calls.SetTagsAsync);
        routes.Delete(Model + "/tags/{**key}", Permission.WriteRegistry, calls.DeleteTagAsync);
        routes.Post(Model + "/params", Permission.WriteRegistry, calls.LogParametersAsync);
    }

    private static void MapModels(MlflowRoutes routes, RegisteredModelCalls calls)
    {
        routes.Post("registered-models/create", Permission.WriteRegistry, calls.CreateAsync);
        routes.Get("registered-models/get", Permission.ReadRegistry, calls.GetAsync);
        routes.Post("registered-models/rename", Permission.DeployModels, calls.RenameAsync);
        routes.Patch("registered-models/update", Permission.WriteRegistry, calls.UpdateAsync);
        routes.Delete("registered-models/delete", Permission.DeleteRegistry, calls.DeleteAsync);
        routes.Get("registered-models/search", Permission.ReadRegistry, calls.SearchAsync);
        routes.Get("registered-models/get-latest-versions", Permission.ReadRegistry, calls.GetLatestAsync);
        routes.Post("registered-models/get-latest-versions", Permission.ReadRegistry, calls.GetLatestAsync);
        routes.Post("registered-models/set-tag", Permission.WriteRegistry, calls.SetTagAsync);
        routes.Delete("registered-models/delete-tag", Permission.WriteRegistry, calls.DeleteTagAsync);
        routes.Post("registered-models/alias", Permission.DeployModels, calls.SetAliasAsync);
        routes.Get("registered-models/alias", Permission.ReadRegistry, calls.GetByAliasAsync);
        routes.Delete("registered-models/alias", Permission.DeployModels, calls.DeleteAliasAsync);
    }

    private static void MapVersions(MlflowRoutes routes, ModelVersionCalls calls)
    {
        routes.Post("model-versions/create", Permission.WriteRegistry, calls.CreateAsync);
        routes.Get("model-versions/get", Permission.ReadRegistry, calls.GetAsync);
        routes.Get("model-versions/search", Permission.ReadRegistry, calls.SearchAsync);
        routes.Get("model-versions/get-download-uri", Permission.ReadRegistry, calls.GetDownloadUriAsync);
        routes.Patch("model-versions/update", Permission.WriteRegistry, calls.UpdateAsync);
        routes.Post("model-versions/transition-stage", Permission.DeployModels, calls.TransitionAsync);
        routes.Delete("model-versions/delete", Permission.DeleteRegistry, calls.DeleteAsync);
        routes.Post("model-versions/set-tag", Permission.WriteRegistry, calls.SetTagAsync);
        routes.Delete("model-versions/delete-tag", Permission.WriteRegistry, calls.DeleteTagAsync);
    }

    private static void MapArtifacts(MlflowRoutes routes, ArtifactCalls calls, ArtifactProxyCalls proxy)
    {
        routes.Get("artifacts/list", Permission.ReadRegistry, calls.ListAsync);
        routes.Get(Model + "/artifacts/directories", Permission.ReadRegistry, calls.ListOfModelAsync);
        routes.Raw(HttpMethods.Get, "/get-artifact", Permission.ReadRegistry, calls.GetOfRunAsync);
        routes.Raw(HttpMethods.Get, "/model-versions/get-artifact", Permission.ReadRegistry, calls.GetOfVersionAsync);
        foreach (string api in (string[])["/api/2.0", "/ajax-api/2.0"])
        {
            routes.Raw(HttpMethods.Get, $"{api}/mlflow/{Model}/artifacts/files", Permission.ReadRegistry, calls.GetOfModelAsync);
            routes.Raw(HttpMethods.Get, $"{api}/mlflow-artifacts/artifacts", Permission.ReadRegistry, proxy.ListAsync);
            string file = $"{api}/mlflow-artifacts/artifacts/{{**path}}";
            routes.Raw(HttpMethods.Get, file, Permission.ReadRegistry, proxy.DownloadAsync);
            routes.Raw(HttpMethods.Put, file, Permission.WriteRegistry, proxy.UploadAsync);
            routes.Raw(HttpMethods.Delete, file, Permission.DeleteRegistry, proxy.DeleteAsync);
            routes.Raw(HttpMethods.Post, $"{api}/mlflow-artifacts/mpu/{{**rest}}", Permission.WriteRegistry, ArtifactProxyCalls.RefuseMultipartAsync);
            routes.Raw(HttpMethods.Get, $"{api}/mlflow-artifacts/presigned/{{**rest}}", Permission.ReadRegistry, ArtifactProxyCalls.RefusePresignedAsync);
            routes.Raw(HttpMethods.Post, $"{api}/mlflow/artifacts/presigned-upload-url", Permission.WriteRegistry, ArtifactProxyCalls.RefusePresignedAsync);
            routes.Raw(HttpMethods.Post, $"{api}/mlflow/artifacts/presigned-download-url", Permission.ReadRegistry, ArtifactProxyCalls.RefusePresignedAsync);
        }
    }

    // A path that climbed out of the artifacts arrives here, for the server has resolved it by then.
    private static Task UnknownAsync(HttpContext context) => ArtifactPaths.Climbs(context)
        ? throw ArtifactPaths.Invalid()
        : throw new MlflowException(MlflowErrorCode.EndpointNotFound, $"No API found for '{context.Request.Method} {context.Request.Path}'");

    private static async Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
