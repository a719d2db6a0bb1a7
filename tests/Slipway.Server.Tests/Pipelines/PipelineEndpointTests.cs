using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Tests.Pipelines;

/// <summary>Pipelines as arms of endpoints, and endpoints as steps of pipelines.</summary>
public sealed class PipelineEndpointTests : IAsyncLifetime
{
    private const string Configuration = """
        endpoints:
          shop:
            arms:
              whole: { pipeline: chain, weight: 100 }
              plain: { model: adder, weight: 0 }
              broken: { pipeline: broken, weight: 0, fallback: plain }
          inner: { arms: { only: adder } }
          chain: { arms: { only: chain } }
        pipelines:
          chain:
            inputs: { x: "FP32[-1, 2]" }
            steps: { shifted: { model: inner, inputs: { x: x } }, again: { model: inner@only, inputs: { x: shifted.y } } }
            outputs: { y: again.y }
          broken:
            inputs: { x: "FP32[-1, 2]" }
            steps: { a: { model: nobody, inputs: { x: x } } }
            outputs: { y: a.y }
          outer:
            inputs: { x: "FP32[-1, 2]" }
            steps: { a: { model: shop, inputs: { x: x } }, b: { model: shop@plain, inputs: { x: x } } }
            outputs: { twice: a.y, once: b.y }
        """;

    private readonly TemporaryFolder _folder = new();
    private SlipwayServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _folder.Write("models/adder/1/model.onnx", OnnxModels.Add(1));
        _folder.Write("slipway.yaml", System.Text.Encoding.UTF8.GetBytes(Configuration));
        _server = await StartAsync(ServerConfiguration.Read(Path.Combine(_folder.Root, "slipway.yaml"), []));
        _http = new HttpClient { BaseAddress = _server.Addresses["http"] };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("shop", "whole", 3.0)]
    [InlineData("chain", "only", 3.0)]
    [InlineData("inner", "only", 2.0)]
    public async Task An_arm_is_a_pipeline_whose_steps_ask_endpoints(string endpoint, string arm, double expected)
    {
        (HttpResponseMessage response, JsonNode answer) = await AskAsync(endpoint);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([expected, expected], NumbersOf(answer["outputs"]![0]!));
        Assert.Equal((endpoint, arm), (response.Headers.GetValues("Slipway-Endpoint").Single(), response.Headers.GetValues("Slipway-Arm").Single()));
    }

    [Fact]
    public async Task A_step_asks_an_endpoint_whose_arm_is_a_pipeline()
    {
        (HttpResponseMessage response, JsonNode answer) = await AskAsync("outer");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([3.0, 3.0], NumbersOf(answer["outputs"]![0]!));
        Assert.Equal([2.0, 2.0], NumbersOf(answer["outputs"]![1]!));
    }

    [Fact]
    public async Task A_pipeline_that_fails_is_an_arm_that_fails()
    {
        (HttpResponseMessage response, JsonNode answer) = await AskAsync("shop@broken");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("fallback", response.Headers.GetValues("Slipway-Assignment").Single());
        Assert.Equal([2.0, 2.0], NumbersOf(answer["outputs"]![0]!));
    }

    [Fact]
    public async Task Metadata_of_the_endpoint_is_that_of_the_pipeline()
    {
        JsonNode metadata = (await _http.GetFromJsonAsync<JsonNode>("/v2/models/shop", TestContext.Current.CancellationToken))!;
        Assert.Equal(("shop", "slipway_pipeline"), ((string?)metadata["name"], (string?)metadata["platform"]));
    }

    [Fact]
    public async Task What_stands_on_a_model_that_is_loaded_on_demand_is_ready_before_somebody_asks()
    {
        _folder.Write("models/lazy/1/model.onnx", OnnxModels.Add(1));
        _folder.Write("models/lazy/model.yaml", "load: onDemand");
        _folder.Write("models/broken/1/model.onnx", "no model");
        _folder.Write("models/broken/model.yaml", "load: onDemand");
        string configuration = """
            endpoints: { direct: { arms: { only: lazy } }, around: { arms: { only: { pipeline: chain } } } }
            pipelines:
              chain: { inputs: { x: "FP32[-1, 2]" }, steps: { a: { model: direct, inputs: { x: x } } }, outputs: { y: a.y } }
              hopeless: { inputs: { x: "FP32[-1, 2]" }, steps: { a: { model: broken, inputs: { x: x } } }, outputs: { y: a.y } }
              orphan: { inputs: { x: "FP32[-1, 2]" }, steps: { a: { model: nobody, inputs: { x: x } } }, outputs: { y: a.y } }
            """;
        _folder.Write("lazy.yaml", configuration);
        await using SlipwayServer server = await StartAsync(ServerConfiguration.Read(_folder.PathOf("lazy.yaml"), []));
        using HttpClient http = new() { BaseAddress = server.Addresses["http"] };

        foreach (string name in (string[])["lazy", "direct", "around", "chain", "hopeless"])
        {
            Assert.Equal((name, HttpStatusCode.OK), (name, await ReadyAsync(http, name)));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(http, "orphan"));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("around", http)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync("hopeless", http)).Response.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(http, "hopeless"));
    }

    // The configuration is refused before; a rollout may still turn an arm to where its pipeline leads.
    [Fact]
    public async Task A_ring_that_comes_up_at_run_time_is_a_failure_and_nothing_worse()
    {
        ServerOptions options = new()
        {
            Pipelines =
            [
                new PipelineDefinition
                {
                    Name = "ring",
                    Inputs = [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))],
                    Steps = [new StepDefinition { Name = "a", Body = new ModelBody("loop", VersionSelector.ByLabel("turn")) { Inputs = new Dictionary<string, string> { ["x"] = "x" } } }],
                    Outputs = [new PipelineOutput("y", "a.y")],
                },
            ],
            Endpoints = [new EndpointDefinition { Name = "loop", Arms = [new ArmDefinition { Name = "straight", Model = "adder", Weight = 100 }, new ArmDefinition { Name = "turn", Model = "ring" }] }],
        };
        await using SlipwayServer server = await StartAsync(options);
        using HttpClient http = new() { BaseAddress = server.Addresses["http"] };
        foreach (string name in new[] { "ring", "loop@turn" })
        {
            (HttpResponseMessage response, JsonNode answer) = await AskAsync(name, http);
            Assert.False(response.IsSuccessStatusCode);
            Assert.Contains("ring", (string?)answer["error"], StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await AskAsync("loop", http)).Response.StatusCode);
    }

    private async Task<SlipwayServer> StartAsync(ServerOptions options)
    {
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = Path.Combine(_folder.Root, "models");
        options.Logging.Level = LogLevel.None;
        SlipwayServer server = await SlipwayServer.StartAsync(options);
        await server.WaitUntilReadyAsync(CancellationToken.None);
        return server;
    }

    private async Task<(HttpResponseMessage Response, JsonNode Answer)> AskAsync(string name, HttpClient? http = null)
    {
        HttpResponseMessage response = await (http ?? _http).PostAsJsonAsync(
            $"/v2/models/{PathOf(name)}/infer", JsonNode.Parse("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}"""), TestContext.Current.CancellationToken);
        return (response, (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!);
    }

    private static async Task<HttpStatusCode> ReadyAsync(HttpClient http, string name) =>
        (await http.GetAsync($"/v2/models/{name}/ready", TestContext.Current.CancellationToken)).StatusCode;

    private static string PathOf(string name) => name.Split('@') is [var endpoint, var arm] ? $"{endpoint}/versions/{arm}" : name;

    private static double[] NumbersOf(JsonNode output) => [.. output["data"]!.AsArray().Select(static number => (double)number!)];
}
