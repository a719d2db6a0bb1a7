using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>TensorFlow Serving's protocol over HTTP, which is KServe's first as well.</summary>
public static class TensorFlowServingRestEndpoints
{
    // Verbs end a path segment (name:predict), so paths are taken apart by hand; what a verb needs is the same for all of them.
    private const string Everything = "/v1/{**rest}";

    /// <summary>Maps everything under <c>/v1</c> that has no route of its own. Needs <c>AddSlipwayProtocols</c>.</summary>
    public static IEndpointRouteBuilder MapTensorFlowServingRest(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        ProtocolRoutes routes = new(endpoints, services.GetRequiredService<ILoggerFactory>().CreateLogger("Slipway.Protocols.TensorFlowServing.Rest"));
        bool cors = services.GetRequiredService<IOptions<TensorFlowServingOptions>>().Value.EnableCors;
        ModelInformationHandler information = services.GetRequiredService<ModelInformationHandler>();
        PredictionHandler prediction = services.GetRequiredService<PredictionHandler>();
        routes.MapOpen("/v1/models", [HttpMethods.Get, HttpMethods.Head], Permission.ReadModels, WithCors(information.ListAsync, cors));
        routes.MapOpen(Everything, [HttpMethods.Get, HttpMethods.Head], Permission.ReadModels, WithCors(information.HandleAsync, cors));
        routes.MapOpen(Everything, [HttpMethods.Post], Permission.Infer, WithCors(prediction.HandleAsync, cors));
        routes.MapOpen(Everything, [HttpMethods.Options], Permission.None, WithCors(PreflightAsync, cors));
        routes.MapRest(Everything, UnknownPaths.HandleAsync);
        return endpoints;
    }

    private static RequestDelegate WithCors(RequestDelegate handler, bool enabled) => !enabled ? handler : context =>
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "POST, GET";
        headers.AccessControlAllowHeaders = "Content-Type";
        return handler(context);
    };

    private static Task PreflightAsync(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        bool known = origin.StartsWith("http://", StringComparison.Ordinal) || origin.StartsWith("https://", StringComparison.Ordinal);
        context.Response.StatusCode = known ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        context.Response.ContentType = JsonAnswers.MediaType;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
