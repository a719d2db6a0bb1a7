using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Core;

namespace Slipway.Server.Listeners;

/// <summary>
/// Lets a request reach an endpoint only when it came in on a listener of the endpoint's plane; anything else is as if the endpoint did not exist. A path that the plane has with
/// other verbs is answered with those: routing's own answer knows no planes. Runs between routing and the endpoint.
/// </summary>
internal sealed class PlaneGate(RequestDelegate next, EndpointDataSource endpoints)
{
    private readonly PathVerbs _verbs = new(endpoints);

    public Task InvokeAsync(HttpContext context)
    {
        Plane came = context.Features.Get<PlaneMetadata>()?.Plane ?? Plane.None;
        Endpoint? endpoint = context.GetEndpoint();
        Plane offered = endpoint?.Metadata.GetMetadata<PlaneMetadata>()?.Plane ?? Plane.None;
        if ((came & offered) != Plane.None)
        {
            return next(context);
        }

        if (endpoint is not null && _verbs.Of(context.Request.Path, came) is { Count: > 0 } verbs)
        {
            // Through the other gates like any endpoint: who may not come in is not told what there is.
            context.SetEndpoint(NotAllowed(verbs, came));
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Endpoint NotAllowed(IReadOnlyList<string> verbs, Plane plane) => new(
        context =>
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = string.Join(", ", verbs);
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("""{"title":"Method Not Allowed","status":405}""", context.RequestAborted);
        },
        new EndpointMetadataCollection(new PlaneMetadata(plane), new RequiredPermission(Permission.AnyCaller)),
        "405 of a plane");
}
