using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Slipway.Client.Inference;

namespace Slipway.Client.Grpc;

/// <summary>
/// Unary gRPC calls over HTTP/2 in clear, by prior knowledge, or over TLS. Thread-safe; all calls share one connection, and a second one when the server's
/// limit of streams is reached.
/// </summary>
public sealed class GrpcClient : IDisposable
{
    /// <summary>Method of Open Inference that predicts.</summary>
    public const string ModelInfer = "inference.GRPCInferenceService/ModelInfer";

    private const int FrameHeader = 5;
    private static readonly MediaTypeHeaderValue GrpcType = new("application/grpc");

    private readonly HttpClient _http;

    /// <summary>A client of the server at <paramref name="address"/>, such as <c>http://127.0.0.1:8081</c>.</summary>
    /// <param name="address">Address of the listener that speaks HTTP/2.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public GrpcClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = new HttpClient(handler ?? ClientHandler.Create())
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks for a prediction.</summary>
    /// <exception cref="GrpcFailureException">The server refused.</exception>
    public async Task<InferResult> InferAsync(InferCall call, CancellationToken cancellationToken = default)
    {
        byte[] answer = await CallAsync(ModelInfer, Frame(InferMessage.Write(call)), cancellationToken).ConfigureAwait(false);
        return InferMessage.Read(answer.AsSpan(FrameHeader));
    }

    /// <summary>Puts the five bytes of gRPC's frame before a message.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        byte[] framed = new byte[FrameHeader + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(FrameHeader));
        return framed;
    }

    /// <summary>Makes a unary call.</summary>
    /// <param name="method"><c>package.Service/Method</c>.</param>
    /// <param name="framed">The message with its frame.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answering message with its frame.</returns>
    /// <exception cref="GrpcFailureException">The call ended with another status than OK.</exception>
    public async Task<byte[]> CallAsync(string method, ReadOnlyMemory<byte> framed, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(framed),
        };
        request.Content.Headers.ContentType = GrpcType;
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        ThrowUnlessOk(response);
        return body.Length >= FrameHeader && body[0] == 0 && BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(1)) == body.Length - FrameHeader
            ? body
            : throw new GrpcFailureException(GrpcFailureException.Internal, $"{method} did not answer with one uncompressed message");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // A call that fails before it has a message puts its status among the headers instead of the trailers.
    private static void ThrowUnlessOk(HttpResponseMessage response)
    {
        string? status = Value(response.TrailingHeaders, "grpc-status") ?? Value(response.Headers, "grpc-status");
        if (status == "0")
        {
            return;
        }

        string? message = Value(response.TrailingHeaders, "grpc-message") ?? Value(response.Headers, "grpc-message");
        throw int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? new GrpcFailureException(code, Uri.UnescapeDataString(message ?? ""))
            : new GrpcFailureException(GrpcFailureException.Unknown, $"HTTP status {(int)response.StatusCode} without a gRPC status");
    }

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
