using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Core;

namespace Slipway.Protocols.Grpc;

/// <summary>How a call ends.</summary>
/// <param name="Code">The status.</param>
/// <param name="Message">Text for the caller; null with OK.</param>
/// <param name="RetryAfter">When the caller may try again; null when nothing is known.</param>
internal readonly record struct GrpcStatus(GrpcStatusCode Code, string? Message = null, TimeSpan? RetryAfter = null)
{
    // gRFC A6: how long a client that retries should wait.
    private const string Pushback = "grpc-retry-pushback-ms";

    /// <summary>Success.</summary>
    public static GrpcStatus Ok => default;

    /// <summary>The status of a failure. What is not expected shows nothing of itself.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="expired">Whether the caller's deadline has passed, which is then the reason for any cancellation.</param>
    public static GrpcStatus Of(Exception exception, bool expired) => exception switch
    {
        SlipwayException { Code: ErrorCode.Cancelled } or OperationCanceledException => expired
            ? new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline passed before the answer was there")
            : new GrpcStatus(GrpcStatusCode.Cancelled, "the call was cancelled"),
        SlipwayException known => new GrpcStatus(known.Code.ToGrpc(), known.Message, known.RetryAfter),
        BadHttpRequestException => new GrpcStatus(GrpcStatusCode.InvalidArgument, "the request body could not be read"),
        IOException => new GrpcStatus(GrpcStatusCode.Cancelled, "the request body ended early"),
        _ => new GrpcStatus(GrpcStatusCode.Internal, "internal error"),
    };

    /// <summary>Ends a response with the status: as trailers, or among the headers when nothing else is sent.</summary>
    public void WriteTo(HttpResponse response, bool hasBody)
    {
        IHeaderDictionary target = hasBody || response.HasStarted
            ? response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        target.GrpcStatus = Code.ToText();
        if (Message is not null)
        {
            target.GrpcMessage = GrpcStatusMessage.Encode(Message);
        }

        if (RetryAfter is { } wait)
        {
            target[Pushback] = ((long)Math.Max(0, wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
