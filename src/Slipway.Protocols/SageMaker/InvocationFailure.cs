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
    public static async Task WriteAsync(HttpContext context, SlipwayException failure)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        HttpFailure.SetRetryAfter(context, failure);
        using ResponseBuffer body = new();
        JsonWriter json = new(body);
        json.Open();
        json.Property("error_code", NameOf(failure.Code));
        json.Property("message", failure.Message);
        json.Property("error", failure.Message);
        json.Close();
        context.Response.StatusCode = failure.Code.ToHttpStatus();
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
