using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// A method as a request delegate: checks that the request is a gRPC call, lifts the limits that are meant for other bodies, runs the handler and ends the
/// call with its status.
/// </summary>
internal sealed partial class GrpcMethod(
    GrpcHandler handler, bool streamsRequests, GrpcOptions options, BodyBudget budget, TimeProvider time, ILogger logger, CancellationToken serverStopping)
{
    private const string ContentType = "application/grpc";

    /// <summary>Handles one request.</summary>
    public Task HandleAsync(HttpContext http)
    {
        if (!IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2c";
            return Task.CompletedTask;
        }

        return RunAsync(http);
    }

    /// <summary>Whether a content type is gRPC with protobuf messages.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length
            || contentType[ContentType.Length] is ';' or ' '
            || contentType.AsSpan(ContentType.Length).StartsWith("+proto", StringComparison.OrdinalIgnoreCase));

    private async Task RunAsync(HttpContext http)
    {
        http.Response.ContentType = ContentType;
        LiftLimits(http);
        GrpcCall? call = null;
        try
        {
            call = new GrpcCall(http, options, budget, time, serverStopping);
            if (call.IsExpired)
            {
                throw new SlipwayException(ErrorCode.DeadlineExceeded, "the deadline had passed when the call arrived");
            }

            await handler(call);
            GrpcStatus.Ok.WriteTo(http.Response, call.HasWritten);
        }
        catch (Exception exception)
        {
            Fail(http, call, exception);
        }
        finally
        {
            call?.Dispose();
        }
    }

    private void LiftLimits(HttpContext http)
    {
        // Messages have a limit of their own; a body of many messages has none.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        // A stream may be silent for as long as its client has nothing to ask.
        if (streamsRequests && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private void Fail(HttpContext http, GrpcCall? call, Exception exception)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads a status any more.
            Log.CallerWentAway(logger);
            return;
        }

        GrpcStatus status = GrpcStatus.Of(exception, call is { IsExpired: true });
        if (status.Code == CanonicalCode.Internal && exception is not SlipwayException)
        {
            Log.CallFailed(logger, exception, http.Request.Path);
        }

        if (status.Code == CanonicalCode.Unimplemented)
        {
            http.Response.Headers.GrpcAcceptEncoding = GrpcEncodings.Accepted;
        }

        status.WriteTo(http.Response, call is { HasWritten: true });
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 4101, Level = LogLevel.Debug, Message = "A caller went away before its answer.")]
        public static partial void CallerWentAway(ILogger logger);

        [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "Call of {Method} failed unexpectedly.")]
        public static partial void CallFailed(ILogger logger, Exception exception, string method);
    }
}
