using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Cli.Benchmarking;

/// <summary>
/// Load over one HTTP/1.1 connection. The request is put together once and written as it is; of the answer only the status and where it ends are looked at, so that the
/// generator costs little of the machine that it often shares with the server. Connects again when the server closes the connection.
/// </summary>
internal sealed class HttpLoadChannel : ILoadChannel
{
    private readonly Uri _address;
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream? _stream;

    /// <summary>Prepares a channel; it connects with the first request.</summary>
    /// <param name="address">The listener.</param>
    /// <param name="path">Path with its leading slash.</param>
    /// <param name="headers">Further header lines, each ending in CR LF.</param>
    /// <param name="body">Body of the request.</param>
    public HttpLoadChannel(Uri address, string path, string headers, ReadOnlySpan<byte> body)
    {
        _address = address;
        string head = string.Create(
            CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {body.Length}\r\n{headers}\r\n");
        _request = [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    public async ValueTask<string?> SendAsync(CancellationToken cancellationToken)
    {
        bool reused = _stream is not null;
        try
        {
            return await ExchangeAsync(cancellationToken);
        }
        catch (IOException) when (reused)
        {
            // The server closed a connection that was idle: that is no failure of the request.
            await CloseAsync();
            return await ExchangeAsync(cancellationToken);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask<string?> ExchangeAsync(CancellationToken cancellationToken)
    {
        Stream stream = _stream ??= await ConnectAsync(cancellationToken);
        await stream.WriteAsync(_request, cancellationToken);

        int filled = 0;
        int headerEnd;
        do
        {
            if (filled == _buffer.Length)
            {
                throw new InvalidDataException("the answer's header is longer than 16 KiB");
            }

            int read = await stream.ReadAsync(_buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException("the server closed the connection before it answered");
            }

            filled += read;
            headerEnd = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        while (headerEnd < 0);

        ResponseHead head = ResponseHead.Parse(_buffer.AsSpan(0, headerEnd + 2));
        int begun = headerEnd + 4;
        if (head.IsChunked)
        {
            await SkipChunksAsync(stream, begun, filled, cancellationToken);
        }
        else
        {
            await SkipAsync(stream, head.ContentLength - (filled - begun), cancellationToken);
        }

        if (head.Closes)
        {
            await CloseAsync();
        }

        return head.Status is >= 200 and < 300 ? null : head.Status.ToString(CultureInfo.InvariantCulture);
    }

    private async ValueTask SkipAsync(Stream stream, long bytes, CancellationToken cancellationToken)
    {
        while (bytes > 0)
        {
            int read = await stream.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(bytes, _buffer.Length)), cancellationToken);
            bytes -= read > 0 ? read : throw new EndOfStreamException("the server closed the connection within an answer");
        }
    }

    private async ValueTask SkipChunksAsync(Stream stream, int begun, int filled, CancellationToken cancellationToken)
    {
        ChunkedEnd end = new();
        bool done = end.Feed(_buffer.AsSpan(begun, filled - begun));
        while (!done)
        {
            int read = await stream.ReadAsync(_buffer, cancellationToken);
            done = end.Feed(_buffer.AsSpan(0, read > 0 ? read : throw new EndOfStreamException("the server closed the connection within an answer")));
        }
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_address.Host, _address.Port, cancellationToken);
            NetworkStream plain = new(socket, ownsSocket: true);
            if (_address.Scheme != Uri.UriSchemeHttps)
            {
                return plain;
            }

            SslStream secure = new(plain);
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = _address.Host }, cancellationToken);
            return secure;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask CloseAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync();
        }
    }
}
