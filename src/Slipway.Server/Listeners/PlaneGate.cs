using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Listeners;

/// <summary>
/// Lets a request reach an endpoint only when it came in on a listener of the endpoint's plane; anything else is as if the endpoint did not exist.
/// Runs between routing and the endpoint.
/// </summary>
internal sealed class PlaneGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        Plane came = context.Features.Get<PlaneMetadata>()?.Plane ?? Plane.None;
        Plane offered = context.GetEndpoint()?.Metadata.GetMetadata<PlaneMetadata>()?.Plane ?? Plane.None;
        if ((came & offered) != Plane.None)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
