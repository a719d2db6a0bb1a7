using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Slipway.Server.Telemetry;

/// <summary>OTLP's exports as HTTP requests: protobuf over HTTP, or a unary gRPC call.</summary>
internal static class OtlpRequests
{
    private const string GrpcPath = "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const string GrpcStatus = "grpc-status";
    private const int PrefixLength = 5;

    /// <summary>A request that carries an <c>ExportMetricsServiceRequest</c>.</summary>
    public static HttpRequestMessage ForMetrics(TelemetryOptions options, byte[] message)
    {
        bool grpc = options.Protocol == OtlpProtocol.Grpc;
        string address = options.Endpoint!.ToString().TrimEnd('/');
        HttpRequestMessage request = new(HttpMethod.Post, new Uri($"{address}/{(grpc ? GrpcPath : "v1/metrics")}"))
        {
            Content = new ByteArrayContent(grpc ? Frame(message) : message),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(grpc ? "application/grpc" : "application/x-protobuf");
        if (grpc)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        foreach ((string name, string value) in options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Why a request was refused; null when it was taken.</summary>
    /// <param name="response">The answer, received as a whole.</param>
    public static string? Refusal(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            return $"it answers HTTP {(int)response.StatusCode}";
        }

        // A call that fails at once has its status among the headers.
        bool isGrpc = response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
        return isGrpc && Status(response) is { } status and not "0" ? $"it answers gRPC status {status}" : null;
    }

    private static string? Status(HttpResponseMessage response) =>
        response.TrailingHeaders.TryGetValues(GrpcStatus, out IEnumerable<string>? last) || response.Headers.TryGetValues(GrpcStatus, out last) ? last.FirstOrDefault() : null;

    private static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, PrefixLength);
        return frame;
    }
}
