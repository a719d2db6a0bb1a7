using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Slipway.Core;
using Slipway.Protocols.Errors;

namespace Slipway.Protocols.Grpc;

/// <summary>How a call ends.</summary>
/// <param name="Code">The status.</param>
/// <param name="Message">Text for the caller; null with OK.</param>
/// <param name="RetryAfter">When the caller may try again; null when nothing is known.</param>
internal readonly record struct GrpcStatus(CanonicalCode Code, string? Message = null, TimeSpan? RetryAfter = null)
{
    // gRFC A6: how long a client that retries should wait.
    private const string Pushback = "grpc-retry-pushback-ms";

    // Header values made once: a status is sent with every call.
    private static readonly string[] Texts = [.. Enumerable.Range(0, 17).Select(static code => code.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Success.</summary>
    public static GrpcStatus Ok => default;

    /// <summary>The status of a failure. What is not expected shows nothing of itself.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="expired">Whether the caller's deadline has passed, which is then the reason for any cancellation.</param>
    public static GrpcStatus Of(Exception exception, bool expired) => exception switch
    {
        SlipwayException { Code: ErrorCode.Cancelled } or OperationCanceledException => expired
            ? new GrpcStatus(CanonicalCode.DeadlineExceeded, "the deadline passed before the answer was there")
            : new GrpcStatus(CanonicalCode.Cancelled, "the call was cancelled"),
        SlipwayException known => new GrpcStatus(known.Code.ToCanonicalCode(), known.Message, ProtocolErrors.RetryAfter(known)),
        BadHttpRequestException => new GrpcStatus(CanonicalCode.InvalidArgument, "the request body could not be read"),
        IOException => new GrpcStatus(CanonicalCode.Cancelled, "the request body ended early"),
        _ => new GrpcStatus(CanonicalCode.Internal, "internal error"),
    };

    /// <summary>Ends a response with the status: as trailers, or among the headers when nothing else is sent.</summary>
    public void WriteTo(HttpResponse response, bool hasBody)
    {
        IHeaderDictionary target = hasBody || response.HasStarted
            ? response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        target.GrpcStatus = Texts[(int)Code];
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
