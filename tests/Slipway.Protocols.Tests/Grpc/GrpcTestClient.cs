using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Slipway.Protocols.Tests.Grpc;

/// <summary>How a call ended, and what was received.</summary>
internal sealed record GrpcReply(int Status, string Message, IReadOnlyList<byte[]> Messages, IReadOnlyDictionary<string, string> Metadata, bool TrailersOnly)
{
    public T Single<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        Assert.Equal((0, ""), (Status, Message));
        return parser.ParseFrom(Assert.Single(Messages));
    }
}

/// <summary>gRPC as a test wants to speak it: frame by frame, over HttpClient, with every wrong thing possible.</summary>
internal sealed class GrpcTestClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
    {
        BaseAddress = address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };

    public static byte[] Frame(byte[] message, byte flag = 0)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public Task<GrpcReply> CallAsync(string method, IMessage message, params (string Name, string Value)[] headers) =>
        CallAsync(method, message.ToByteArray(), headers);

    public Task<GrpcReply> CallAsync(string method, byte[] message, params (string Name, string Value)[] headers) =>
        SendAsync(method, new ByteArrayContent(Frame(message)), "application/grpc", CancellationToken.None, headers);

    public Task<GrpcReply> SendRawAsync(string method, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(method, new ByteArrayContent(body), "application/grpc", CancellationToken.None, headers);

    public async Task<GrpcReply> SendAsync(
        string method, HttpContent content, string contentType, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await OpenAsync(method, content, contentType, cancellationToken, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        List<byte[]> messages = [];
        for (int at = 0; at < body.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1));
            byte[] message = body.AsSpan(at + 5, length).ToArray();
            messages.Add(body[at] == 0 ? message : Decompress(message, response.Headers.GetValues("grpc-encoding").Single()));
            at += 5 + length;
        }

        Dictionary<string, string> metadata = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, IEnumerable<string>> header in response.Headers.Concat(response.TrailingHeaders))
        {
            metadata[header.Key] = string.Join(',', header.Value);
        }

        bool trailersOnly = response.Headers.Contains("grpc-status");
        return new GrpcReply(
            int.Parse(metadata["grpc-status"], System.Globalization.CultureInfo.InvariantCulture),
            Uri.UnescapeDataString(metadata.GetValueOrDefault("grpc-message", "")),
            messages,
            metadata,
            trailersOnly);
    }

    public async Task<HttpResponseMessage> OpenAsync(
        string method, HttpContent content, string contentType, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/" + method) { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Decompress(byte[] message, string encoding)
    {
        using MemoryStream source = new(message);
        using Stream stream = encoding == "gzip"
            ? new System.IO.Compression.GZipStream(source, System.IO.Compression.CompressionMode.Decompress)
            : new System.IO.Compression.ZLibStream(source, System.IO.Compression.CompressionMode.Decompress);
        using MemoryStream target = new();
        stream.CopyTo(target);
        return target.ToArray();
    }
}
