using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Metrics;

namespace Slipway.Protocols.Tests.Metrics;

public sealed class PeerNamesTests
{
    private static readonly ServableInfo Servable = new("add", 1, new string('0', 64), new ModelSignature([], []), ModelConfig.Default)
    {
        Platform = "onnxruntime_onnx",
    };

    [Fact]
    public async Task Tritons_names_tell_the_statistics_of_loaded_versions()
    {
        await using MetricsHost host = await MetricsHost.StartAsync(options => options.TritonNames = true, new Statistics());
        ProtocolMetrics protocols = host.Services.GetRequiredService<ProtocolMetrics>();
        foreach (ErrorCode code in new[] { ErrorCode.Overloaded, ErrorCode.ModelFailed, ErrorCode.ShapeMismatch, ErrorCode.ModelFailed })
        {
            protocols.Stop(protocols.Start(ProtocolOperation.OpenInferenceGrpcInfer), Servable, code, 0, 0);
        }

        StrictExposition text = await host.ScrapeAsync();
        Assert.Equal("counter", text.Types["nv_inference_request_success"]);
        Assert.Equal(3, text.Values["nv_inference_request_success{model=\"add\",version=\"1\"}"]);
        Assert.Equal(5, text.Values["nv_inference_count{model=\"add\",version=\"1\"}"]);
        Assert.Equal(12, text.Values["nv_inference_queue_duration_us{model=\"add\",version=\"1\"}"]);
        Assert.Equal(4, text.Values["nv_inference_pending_request_count{model=\"add\",version=\"1\"}"]);
        Assert.Equal(1, text.Values["nv_inference_request_failure{model=\"add\",reason=\"REJECTED\",version=\"1\"}"]);
        Assert.Equal(2, text.Values["nv_inference_request_failure{model=\"add\",reason=\"BACKEND\",version=\"1\"}"]);
        Assert.Equal(1, text.Values["nv_inference_request_failure{model=\"add\",reason=\"OTHER\",version=\"1\"}"]);
        Assert.Equal(0, text.Values["nv_inference_request_failure{model=\"add\",reason=\"CANCELED\",version=\"1\"}"]);

        // Their counters lack the suffix that OpenMetrics asks for.
        Assert.Equal("unknown", (await host.ScrapeAsync(openMetrics: true)).Types["nv_inference_request_success"]);
    }

    [Fact]
    public async Task Peer_names_are_off_unless_asked_for()
    {
        await using MetricsHost host = await MetricsHost.StartAsync();
        StrictExposition text = await host.ScrapeAsync();
        Assert.DoesNotContain(text.Types.Keys, name => name.StartsWith("nv_", StringComparison.Ordinal) || name.StartsWith(':'));
        using HttpResponseMessage response = await host.Client.GetAsync("/monitoring/prometheus/metrics");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task TensorFlow_Servings_names_are_at_its_own_address()
    {
        await using MetricsHost host = await MetricsHost.StartAsync(options => options.TensorFlowNames = true);
        ProtocolMetrics protocols = host.Services.GetRequiredService<ProtocolMetrics>();
        protocols.Stop(protocols.Start(ProtocolOperation.TensorFlowGrpcPredict), Servable, null, 0, 0);
        protocols.Stop(protocols.Start(ProtocolOperation.TensorFlowHttpPredict), null, ErrorCode.ModelNotFound, 0, 0);

        StrictExposition text = await host.ScrapeAsync(path: "/monitoring/prometheus/metrics");
        Assert.Equal("counter", text.Types[":tensorflow:serving:request_count"]);
        Assert.Equal(1, text.Values[":tensorflow:serving:request_count{model_name=\"add\",status=\"OK\"}"]);
        Assert.Equal(1, text.Values[":tensorflow:serving:request_count{model_name=\"\",status=\"NOT_FOUND\"}"]);
        Assert.Equal(1, text.Values[":tensorflow:serving:request_latency_count{API=\"Predict\",entrypoint=\"GRPC\",model_name=\"add\"}"]);
        Assert.Equal(34, text.Values.Keys.Count(key => key.Contains("request_latency_bucket{API=\"Predict\"", StringComparison.Ordinal)));
        Assert.DoesNotContain((await host.ScrapeAsync()).Types.Keys, name => name.StartsWith(':'));
    }

    private sealed class Statistics : IModelStatistics
    {
        public IReadOnlyList<VersionStatistics> GetStatistics(string? name, long? version) =>
        [
            new VersionStatistics("add", 1)
            {
                Success = new DurationCount(3, 100_000),
                InferenceCount = 5,
                ExecutionCount = 2,
                Queue = new DurationCount(3, 12_999),
                Pending = 4,
            },
        ];
    }
}
