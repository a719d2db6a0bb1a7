using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Slipway.Core;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// One call: its messages in and out, its deadline and its metadata. Reading and writing may go on at the same time, each by one caller.
/// </summary>
internal sealed class GrpcCall : IDisposable
{
    private const int PrefixLength = 5;

    private readonly GrpcOptions _options;
    private readonly BodyBudget _budget;
    private readonly GrpcEncoding _requestEncoding;
    private readonly GrpcEncoding _responseEncoding;
    private readonly GrpcDeadline? _deadline;
    private GrpcFrameReader? _reader;

    /// <summary>Reads the call's headers.</summary>
    /// <exception cref="SlipwayException">A header is malformed, or asks for what is not supported.</exception>
    public GrpcCall(HttpContext http, GrpcOptions options, BodyBudget budget, TimeProvider time, CancellationToken serverStopping)
    {
        Http = http;
        _options = options;
        _budget = budget;
        ServerStopping = serverStopping;
        IHeaderDictionary headers = http.Request.Headers;
        _requestEncoding = GrpcEncodings.Parse(headers.GrpcEncoding);

        // Answers are compressed for those who compress, the same way, when they say that they can read it.
        if (_requestEncoding != GrpcEncoding.Identity && GrpcEncodings.IsAccepted(headers.GrpcAcceptEncoding, _requestEncoding))
        {
            _responseEncoding = _requestEncoding;
        }

        string? timeout = headers.GrpcTimeout;
        if (timeout is null)
        {
            CancellationToken = http.RequestAborted;
        }
        else
        {
            _deadline = GrpcDeadline.Start(GrpcTimeout.Parse(timeout), time, http.RequestAborted);
            CancellationToken = _deadline.Token;
        }
    }

    /// <summary>The HTTP exchange that carries the call.</summary>
    public HttpContext Http { get; }

    /// <summary>Cancelled when the caller goes away or its deadline passes.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Cancelled when the server begins to stop: a stream that waits for more then ends what it has begun, and itself.</summary>
    public CancellationToken ServerStopping { get; }

    /// <summary>The deadline as a timestamp of the server's clock; null when there is none.</summary>
    public long? Deadline => _deadline?.Timestamp;

    /// <summary>Whether the deadline has passed.</summary>
    public bool IsExpired => _deadline is { HasPassed: true };

    /// <summary>Whether some part of an answer has been written, so that a status must follow it as a trailer.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Who asks, once authenticated; null when anonymous.</summary>
    public string? Caller => Http.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity is { IsAuthenticated: true } identity
        ? identity.Name
        : null;

    /// <summary>Metadata and claims of the caller.</summary>
    public ICallerAttributes Attributes => new HttpCallerAttributes(Http);

    private GrpcFrameReader Reader => _reader ??= new GrpcFrameReader(Http.Request.BodyReader, _requestEncoding, _options, _budget);

    /// <summary>The request of a unary or server-streaming call; to be disposed by the caller.</summary>
    public ValueTask<GrpcMessage> ReadOnlyAsync() => Reader.ReadOnlyAsync(CancellationToken);

    /// <summary>The request of a unary or server-streaming call, parsed.</summary>
    public async ValueTask<T> ReadOnlyAsync<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        using GrpcMessage message = await Reader.ReadOnlyAsync(CancellationToken);
        return Parse(parser, message);
    }

    /// <summary>The next request of a stream, to be disposed by the caller; false at its end.</summary>
    /// <param name="cancellationToken">The call's own token, or one that is linked with it.</param>
    public ValueTask<(bool Found, GrpcMessage Message)> ReadNextAsync(CancellationToken cancellationToken) => Reader.ReadAsync(cancellationToken);

    /// <summary>The end of a stream that the server ends because it stops.</summary>
    public static SlipwayException Stopping() => new(ErrorCode.ModelNotReady, "the server is stopping");

    /// <summary>Parses a message.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>.</exception>
    public static T Parse<T>(MessageParser<T> parser, in GrpcMessage message)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(new ReadOnlySequence<byte>(message.Memory));
        }
        catch (InvalidProtocolBufferException)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the request is not a valid {typeof(T).Name} message");
        }
    }

    /// <summary>Writes a generated message; see <see cref="WriteAsync{T}(T)"/>.</summary>
    public ValueTask WriteAsync(IMessage message) => WriteAsync(new ProtobufMessage(message));

    /// <summary>Writes one message into the response, which goes out with the next flush or the end of the call.</summary>
    public ValueTask WriteAsync<T>(T message)
        where T : struct, IGrpcMessage
    {
        Begin();
        PipeWriter writer = Http.Response.BodyWriter;
        int length = message.Length;
        if (_responseEncoding != GrpcEncoding.Identity && length >= _options.CompressionThreshold)
        {
            return WriteCompressedAsync(writer, message);
        }

        WritePrefix(writer, compressed: false, length);
        return message.WriteToAsync(writer, CancellationToken);
    }

    /// <summary>Sends what has been written.</summary>
    public async ValueTask FlushAsync() => await Http.Response.BodyWriter.FlushAsync(CancellationToken);

    /// <summary>What a failure of this call is called.</summary>
    public ErrorCode ErrorCodeOf(Exception exception) => IsExpired && exception is OperationCanceledException
        ? ErrorCode.DeadlineExceeded
        : ProtocolErrors.ForCallers(exception).Code;

    /// <inheritdoc/>
    public void Dispose() => _deadline?.Dispose();

    private void Begin()
    {
        if (HasWritten)
        {
            return;
        }

        HasWritten = true;
        if (_responseEncoding != GrpcEncoding.Identity)
        {
            Http.Response.Headers.GrpcEncoding = _responseEncoding.ToName();
        }
    }

    private async ValueTask WriteCompressedAsync<T>(PipeWriter writer, T message)
        where T : struct, IGrpcMessage
    {
        using MemoryStream compressed = new();
        await using (Stream stream = _responseEncoding.Compress(compressed))
        {
            PipeWriter into = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
            await message.WriteToAsync(into, CancellationToken);
            await into.FlushAsync(CancellationToken);
            await into.CompleteAsync();
        }

        WritePrefix(writer, compressed: true, checked((int)compressed.Length));
        await writer.WriteAsync(compressed.GetBuffer().AsMemory(0, (int)compressed.Length), CancellationToken);
    }

    private static void WritePrefix(PipeWriter writer, bool compressed, int length)
    {
        Span<byte> prefix = writer.GetSpan(PrefixLength);
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        writer.Advance(PrefixLength);
    }
}
