using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Slipway.Server.Draining;

/// <summary>
/// Takes in what is left of the body of a request that was refused over HTTP/2, before its answer ends. A stream whose answer ends first is reset (RFC 9113, section 8.1), and a client
/// that is still sending may lose the answer then (curl 7 does). Over HTTP/1.1 the web server does the same by itself.
/// </summary>
internal sealed class UnreadBody(RequestDelegate next, TimeProvider time)
{
    private const int MostBytes = 64 << 10;

    // What is under way arrives within a round trip; a stream whose client waits for the answer with its next message must not wait for long.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public Task InvokeAsync(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol) ? AnswerAsync(context) : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        await next(context);

        // A call of gRPC that is refused before it began has its status in the header.
        bool isRefused = context.Response.StatusCode >= StatusCodes.Status400BadRequest || context.Response.Headers.GrpcStatus.Count > 0;
        if (isRefused && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            await TakeInAsync(context.Request.BodyReader, context.RequestAborted);
        }
    }

    private async Task TakeInAsync(PipeReader body, CancellationToken aborted)
    {
        using CancellationTokenSource enough = new(Patience, time);
        using CancellationTokenRegistration gone = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), enough);
        try
        {
            long taken = 0;
            bool isCompleted = false;
            while (!isCompleted && taken < MostBytes)
            {
                ReadResult result = await body.ReadAsync(enough.Token);
                isCompleted = result.IsCompleted;
                taken += result.Buffer.Length;
                body.AdvanceTo(result.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Too slow, gone, or taken in already: the stream is reset, as it would have been.
        }
    }
}
