using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Http;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.SageMaker;

/// <summary>
/// Answers failed invocations with <c>{"error_code": "…", "message": "…", "error": "…"}</c>: MLflow's clients read the first two, everybody else's the last.
/// </summary>
internal static class InvocationFailure
{
    /// <summary>Sends the answer, unless one has begun.</summary>
    public static Task WriteAsync(HttpContext context, SlipwayException failure)
    {
        HttpFailure.SetRetryAfter(context, failure);
        return WriteAsync(context, HttpFailure.StatusOf(failure), NameOf(failure.Code), failure.Message);
    }

    /// <summary>Sends a status and a plain text, as MLflow's scoring server does for media types that it does not take.</summary>
    public static async Task WriteTextAsync(HttpContext context, int status, string message)
    {
        if (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(message, context.RequestAborted);
        }
    }

    /// <summary>Sends an answer with a name of MLflow's, unless one has begun.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string name, string message)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open();
        json.Property("error_code", name);
        json.Property("message", message);
        json.Property("error", message);
        json.Close();
        context.Response.StatusCode = status;
        await body.SendJsonAsync(context);
    }

    // MLflow has names of its own for the two that matter to its clients.
    private static string NameOf(ErrorCode code) => code.ToCanonicalCode() switch
    {
        CanonicalCode.InvalidArgument or CanonicalCode.FailedPrecondition => "BAD_REQUEST",
        CanonicalCode.NotFound => "RESOURCE_DOES_NOT_EXIST",
        CanonicalCode.Internal => "INTERNAL_ERROR",
        CanonicalCode canonical => canonical.ToName(),
    };
}
