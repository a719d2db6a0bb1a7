using System.Net;
using System.Net.Http.Headers;
using Slipway.Server.Telemetry;

namespace Slipway.Server.Tests.Telemetry;

public sealed class OtlpRequestsTests
{
    [Fact]
    public async Task Over_grpc_a_message_is_framed_and_sent_as_a_call_of_the_metrics_service()
    {
        TelemetryOptions options = new() { Endpoint = new Uri("http://collector:4317/"), Protocol = OtlpProtocol.Grpc, Headers = { ["x-key"] = "secret" } };

        using HttpRequestMessage request = OtlpRequests.ForMetrics(options, [7, 8, 9]);

        Assert.Equal("http://collector:4317/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", request.RequestUri!.ToString());
        Assert.Equal(HttpVersion.Version20, request.Version);
        Assert.Equal(HttpVersionPolicy.RequestVersionExact, request.VersionPolicy);
        Assert.Equal("trailers", request.Headers.TE.ToString());
        Assert.Equal("secret", Assert.Single(request.Headers.GetValues("x-key")));
        Assert.Equal("application/grpc", request.Content!.Headers.ContentType!.ToString());
        Assert.Equal([0, 0, 0, 0, 3, 7, 8, 9], await request.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://collector:4318", "http://collector:4318/v1/metrics")]
    [InlineData("http://collector:4318/otlp/", "http://collector:4318/otlp/v1/metrics")]
    public async Task Over_http_the_signal_has_a_path_below_the_base_address(string endpoint, string address)
    {
        using HttpRequestMessage request = OtlpRequests.ForMetrics(new TelemetryOptions { Endpoint = new Uri(endpoint) }, [7]);

        Assert.Equal(address, request.RequestUri!.ToString());
        Assert.Equal("application/x-protobuf", request.Content!.Headers.ContentType!.ToString());
        Assert.Equal([7], await request.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_refusal_is_told_from_an_answer_that_took_the_metrics()
    {
        using HttpResponseMessage taken = new(HttpStatusCode.OK);
        Assert.Null(OtlpRequests.Refusal(taken));

        using HttpResponseMessage busy = new(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("503", OtlpRequests.Refusal(busy), StringComparison.Ordinal);

        using HttpResponseMessage call = new(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        call.TrailingHeaders.Add("grpc-status", "0");
        Assert.Null(OtlpRequests.Refusal(call));

        using HttpResponseMessage refused = new(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        refused.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        refused.Headers.Add("grpc-status", "16");
        Assert.Contains("16", OtlpRequests.Refusal(refused), StringComparison.Ordinal);
    }
}
