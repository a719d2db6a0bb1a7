using Microsoft.AspNetCore.Http;

namespace Slipway.Protocols.Http;

/// <summary>Sends small answers.</summary>
internal static class JsonAnswers
{
    /// <summary>Media type of every JSON answer.</summary>
    public const string MediaType = "application/json";

    /// <summary>Sends a whole JSON body with its length; the status is left as it is.</summary>
    public static async ValueTask SendJsonAsync(this ResponseBuffer body, HttpContext context)
    {
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await body.WriteToAsync(context.Response.BodyWriter, context.RequestAborted);
        }
    }

    /// <summary>Sends a fixed JSON body.</summary>
    public static async Task SendJsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }
    }
}
