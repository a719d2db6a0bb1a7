using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Slipway.Server.Listeners;

/// <summary>Tells the HTTP version of a connection in clear by its first bytes, which stay unread: HTTP/2 opens with <c>PRI</c> (RFC 9113, section 3.4), which begins no method of HTTP/1.1.</summary>
internal static class SpokenVersion
{
    private static ReadOnlySpan<byte> Preface => "PRI"u8;

    /// <summary>Waits for the first bytes.</summary>
    /// <param name="connection">A connection that nothing was read from.</param>
    /// <param name="patience">How long to wait for them.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The version; null when the connection ends, the patience does, or the server stops before enough has come.</returns>
    public static async ValueTask<ListenerProtocols?> ReadAsync(ConnectionContext connection, TimeSpan patience, TimeProvider time)
    {
        PipeReader input = connection.Transport.Input;
        using CancellationTokenSource enough = new(patience, time);
        using CancellationTokenRegistration stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), enough) ?? default;
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(enough.Token);
                ListenerProtocols? version = Of(result.Buffer);
                input.AdvanceTo(result.Buffer.Start, version is null ? result.Buffer.End : result.Buffer.Start);
                if (version is not null || result.IsCompleted || result.IsCanceled)
                {
                    return version;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
        {
            // The client has gone; there is nobody to tell.
            return null;
        }
    }

    private static ListenerProtocols? Of(ReadOnlySequence<byte> begin)
    {
        Span<byte> bytes = stackalloc byte[Preface.Length];
        int length = (int)Math.Min(begin.Length, bytes.Length);
        begin.Slice(0, length).CopyTo(bytes);
        return Preface.StartsWith(bytes[..length]) ? length == Preface.Length ? ListenerProtocols.Http2 : null : ListenerProtocols.Http1;
    }
}
