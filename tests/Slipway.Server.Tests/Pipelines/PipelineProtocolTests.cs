using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Pipelines;

/// <summary>A pipeline of real models out of a configuration file, called over every protocol as if it were a model.</summary>
public sealed class PipelineProtocolTests : IAsyncLifetime
{
    private const string Configuration = """
        pipelines:
          chain:
            inputs:
              x: FP32[-1, 2]
            steps:
              shifted:
                model: adder
                inputs: { x: x }
              mixed:
                model: product:1
                inputs: { x: shifted.y }
            outputs:
              result: mixed.y
          failing:
            inputs: { x: "FP32[-1, 2]" }
            steps: { broken: { rules: "y = 1 // int(x[0] - 1)" } }
            outputs: { y: broken.y }
        """;

    private readonly TemporaryFolder _models = new();
    private readonly TemporaryFolder _settings = new();
    private SlipwayServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _models.Write("adder/1/model.onnx", OnnxModels.Add(1));
        _models.Write("product/1/model.onnx", OnnxModels.MatMul());
        _settings.Write("slipway.yaml", System.Text.Encoding.UTF8.GetBytes(Configuration));
        ServerOptions options = ServerConfiguration.Read(Path.Combine(_settings.Root, "slipway.yaml"), []);
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _models.Root;
        options.Logging.Level = LogLevel.None;
        _server = await SlipwayServer.StartAsync(options);
        Assert.True(await _server.WaitUntilReadyAsync(CancellationToken.None));
        _http = new HttpClient { BaseAddress = _server.Addresses["http"] };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _models.Dispose();
        _settings.Dispose();
    }

    // (x + 1) · [[1,2],[3,4]] for x = [1, 1].
    [Theory]
    [InlineData("/v2/models/chain/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}""")]
    [InlineData("/v2/models/chain/versions/1/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}""")]
    [InlineData("/v1/models/chain:predict", """{"instances":[[1,1]]}""")]
    [InlineData("/v1/models/chain:predict", """{"inputs":[[1,1]]}""")]
    [InlineData("/models/chain/invoke", """{"instances":[[1,1]]}""")]
    public async Task Every_protocol_over_HTTP_answers(string path, string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        double[] numbers = [.. Leaves(JsonNode.Parse(answer)!)];
        Assert.Contains(8.0, numbers);
        Assert.Contains(12.0, numbers);
    }

    [Fact]
    public async Task GRPC_answers()
    {
        using GrpcClient client = new(_server.Addresses["grpc"]);
        InferResult result = await client.InferAsync(new InferCall("chain", [ClientTensor.Of("x", [1, 2], [1f, 1f])]), TestContext.Current.CancellationToken);
        Assert.Equal(("chain", "1", 8f, 12f), (result.Model, result.Version, (float)result["result"][0], (float)result["result"][1]));
    }

    [Theory]
    [InlineData("/v2/models/failing/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}""")]
    [InlineData("/v1/models/failing:predict", """{"instances":[[1,1]]}""")]
    [InlineData("/models/failing/invoke", """{"instances":[[1,1]]}""")]
    public async Task A_failure_names_pipeline_and_step_on_every_protocol_over_HTTP(string path, string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string answer = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!;
        Assert.Contains("pipeline 'failing', step 'broken': 'y': ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_show_every_step()
    {
        using StringContent content = new("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri("/v2/models/chain/infer", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
        using HttpClient admin = new() { BaseAddress = _server.Addresses["admin"] };
        string metrics = await admin.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        string[] lines = metrics.Split('\n');
        AssertHas(lines, "slipway_pipelines_step_duration_seconds_count{", "pipeline=\"chain\"", "step=\"shifted\"", "code=\"ok\"");
        AssertHas(lines, "slipway_pipelines_step_duration_seconds_count{", "pipeline=\"chain\"", "step=\"mixed\"", "code=\"ok\"");
        AssertHas(lines, "slipway_pipelines_request_duration_seconds_count{", "pipeline=\"chain\"", "code=\"ok\"");
        AssertHas(lines, "slipway_pipelines_in_flight{pipeline=\"chain\"} 0");

        static void AssertHas(string[] lines, params string[] parts) => Assert.Contains(lines, line => parts.All(part => line.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failure_names_pipeline_and_step_over_GRPC()
    {
        using GrpcClient client = new(_server.Addresses["grpc"]);
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => client.InferAsync(new InferCall("failing", [ClientTensor.Of("x", [1, 2], [1f, 1f])]), TestContext.Current.CancellationToken));
        Assert.Contains("pipeline 'failing', step 'broken': 'y': ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_readiness_configuration_index_and_status_know_the_pipeline()
    {
        JsonNode metadata = await GetAsync("/v2/models/chain");
        Assert.Equal("chain", (string?)metadata["name"]);
        Assert.Equal("slipway_pipeline", (string?)metadata["platform"]);
        Assert.Equal("result", (string?)metadata["outputs"]![0]!["name"]);
        Assert.Equal([-1, 2], metadata["inputs"]![0]!["shape"]!.AsArray().Select(static size => (int)size!));
        using HttpResponseMessage ready = await _http.GetAsync(new Uri("/v2/models/chain/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("chain", (string?)(await GetAsync("/v2/models/chain/config"))["name"]);
        Assert.Equal("AVAILABLE", (string?)(await GetAsync("/v1/models/chain"))["model_version_status"]![0]!["state"]);
        Assert.NotNull((await GetAsync("/v1/models/chain/metadata"))["metadata"]);
        Assert.Equal("chain", (string?)(await GetAsync("/v2/models/chain/stats"))["model_stats"]![0]!["name"]);
        using HttpResponseMessage index = await _http.PostAsync(new Uri("/v2/repository/index", UriKind.Relative), null, TestContext.Current.CancellationToken);
        JsonArray models = (await index.Content.ReadFromJsonAsync<JsonArray>(TestContext.Current.CancellationToken))!;
        Assert.Contains(models, static model => (string?)model!["name"] == "chain" && (string?)model["state"] == "READY");
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("tensorflow")]
    public async Task A_step_asks_another_server(string protocol)
    {
        string configuration = $$"""
            pipelines:
              outer:
                inputs: { x: "FP32[-1, 2]" }
                steps:
                  far: { upstream: "{{_server.Addresses["http"]}}", name: adder, protocol: {{protocol}}, inputs: { x: x }, outputs: { y: "FP32[-1, 2]" }, timeout: 60s }
                  gone: { upstream: "{{_server.Addresses["http"]}}", name: nobody, inputs: { x: x }, outputs: { y: "FP32[-1, 2]" }, fallback: { constant: { y: { datatype: FP32, shape: [-1, 2], data: [7, 7] } } } }
                outputs: { y: far.y, z: gone.y }
            """;
        _settings.Write("outer.yaml", System.Text.Encoding.UTF8.GetBytes(configuration));
        ServerOptions options = ServerConfiguration.Read(Path.Combine(_settings.Root, "outer.yaml"), []);
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Logging.Level = LogLevel.None;
        await using SlipwayServer outer = await SlipwayServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(await outer.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        using HttpClient http = new() { BaseAddress = outer.Addresses["http"] };
        using HttpResponseMessage response = await http.PostAsJsonAsync(
            "/v2/models/outer/infer", JsonNode.Parse("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2,2],"data":[1,2,3,4]}]}"""), TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        JsonArray outputs = JsonNode.Parse(answer)!["outputs"]!.AsArray();
        Assert.Equal([2.0, 3.0, 4.0, 5.0], Leaves(outputs[0]!["data"]!));
        Assert.Equal([7.0, 7.0, 7.0, 7.0], Leaves(outputs[1]!["data"]!));
    }

    [Fact]
    public async Task A_wrong_request_is_refused_with_the_pipeline_named()
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(
            "/v2/models/chain/infer", JsonNode.Parse("""{"inputs":[{"name":"z","datatype":"FP32","shape":[1,2],"data":[1,1]}]}"""), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("pipeline 'chain'", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<JsonNode> GetAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(path, TestContext.Current.CancellationToken))!;

    private static IEnumerable<double> Leaves(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(static field => field.Value is null ? [] : Leaves(field.Value)),
        JsonArray items => items.SelectMany(static item => item is null ? [] : Leaves(item)),
        JsonValue value when value.TryGetValue(out double number) => [number],
        _ => [],
    };
}
