using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.Http;

/// <summary>Answers failed requests.</summary>
internal static class HttpFailure
{
    /// <summary>
    /// Any exception as a failure for callers. What the server itself says of a broken body is told apart from our own faults; a caller that has gone away is
    /// <see cref="ErrorCode.Cancelled"/>.
    /// </summary>
    public static SlipwayException ForCallers(Exception exception, HttpContext context) => exception switch
    {
        SlipwayException failure => failure,
        MalformedJsonException malformed => new SlipwayException(ErrorCode.InvalidRequest, $"the request's JSON: {malformed.Message}", malformed),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad =>
            new SlipwayException(ErrorCode.PayloadTooLarge, "the request body is larger than allowed", bad),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } bad =>
            new SlipwayException(ErrorCode.DeadlineExceeded, "the request body arrives too slowly", bad),
        BadHttpRequestException bad => new SlipwayException(ErrorCode.InvalidRequest, "the request body is broken or ends too early", bad),
        InvalidDataException bad => new SlipwayException(ErrorCode.InvalidRequest, "the request body is not what its Content-Encoding says", bad),
        OutOfMemoryException or OverflowException =>
            new SlipwayException(ErrorCode.PayloadTooLarge, "the request asks for more memory than there is", exception),
        _ when context.RequestAborted.IsCancellationRequested => new SlipwayException(ErrorCode.Cancelled, "the caller went away", exception),
        _ => ProtocolErrors.ForCallers(exception),
    };

    /// <summary>Answers with <c>{"error": "…"}</c> and the failure's status; nothing when an answer has begun or nobody is there to read it.</summary>
    public static Task WriteAsync(HttpContext context, SlipwayException failure)
    {
        SetRetryAfter(context, failure);
        return WriteAsync(context, StatusOf(failure), failure.Message);
    }

    /// <summary>The status of a failure: that of its code, but for a caller who was too slow with the body, which is no deadline of ours.</summary>
    public static int StatusOf(SlipwayException failure) =>
        failure.InnerException is BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } ? StatusCodes.Status408RequestTimeout : failure.Code.ToHttpStatus();

    /// <summary>Says when to try again, where waiting can help.</summary>
    public static void SetRetryAfter(HttpContext context, SlipwayException failure)
    {
        if (!context.Response.HasStarted && ProtocolErrors.RetryAfter(failure) is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Answers with <c>{"error": "…"}</c> and a status.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        using ResponseBuffer body = new();
        ErrorJson.Write(body, message);
        context.Response.StatusCode = status;
        await body.SendJsonAsync(context);
    }
}
