using Microsoft.AspNetCore.Http;

namespace Slipway.Server.Draining;

/// <summary>Asks HTTP/1.1 clients to close their connections while the server stops. HTTP/2 clients are told by the protocol itself.</summary>
internal sealed class DrainGate(RequestDelegate next, DrainState state)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (state.IsClosing && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }
}
