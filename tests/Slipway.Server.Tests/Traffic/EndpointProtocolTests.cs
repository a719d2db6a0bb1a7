using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Tests.Traffic;

/// <summary>One endpoint over two real versions, called over every protocol as if it were a model.</summary>
public sealed class EndpointProtocolTests : IAsyncLifetime
{
    private readonly TemporaryFolder _models = new();
    private SlipwayServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _models.Write("adder/1/model.onnx", OnnxModels.Add(1));
        _models.Write("adder/2/model.onnx", OnnxModels.Add(2));
        _models.Write("adder/model.yaml", "versionPolicy: all\n");
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _models.Root;
        options.Logging.Level = LogLevel.None;
        options.Endpoints =
        [
            new EndpointDefinition
            {
                Name = "scoring",
                Arms =
                [
                    new ArmDefinition { Name = "stable", Model = "adder", Version = VersionSelector.Exact(1), Weight = 100 },
                    new ArmDefinition { Name = "next", Model = "adder", Version = VersionSelector.Exact(2) },
                ],
                Rules = [new RuleDefinition { Name = "try", Arm = "next", Conditions = [new ConditionDefinition { Source = new KeySource(KeySourceKind.Header, "X-Try"), Present = true }] }],
            },
        ];
        _server = await SlipwayServer.StartAsync(options);
        Assert.True(await _server.WaitUntilReadyAsync(CancellationToken.None));
        _http = new HttpClient { BaseAddress = _server.Addresses["http"] };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _models.Dispose();
    }

    [Theory]
    [InlineData(false, 2.0, "stable", "weight", "1")]
    [InlineData(true, 3.0, "next", "rule:try", "2")]
    public async Task Every_protocol_over_HTTP_answers_from_the_arm_and_names_it(bool tries, double expected, string arm, string reason, string version)
    {
        (string Path, string Body)[] calls =
        [
            ("/v2/models/scoring/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}"""),
            ("/v1/models/scoring:predict", """{"instances":[[1,1]]}"""),
            ("/models/scoring/invoke", """{"instances":[[1,1]]}"""),
        ];
        foreach ((string path, string body) in calls)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            if (tries)
            {
                request.Headers.Add("X-Try", "1");
            }

            using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, path + ": " + answer);
            Assert.Contains(Leaves(JsonNode.Parse(answer)!), value => value == expected);
            Assert.Equal(("scoring", arm, reason, version), (Header(response, "Slipway-Endpoint"), Header(response, "Slipway-Arm"), Header(response, "Slipway-Assignment"), Header(response, "Slipway-Version")));
            Assert.Equal(64, Header(response, "Slipway-Version-Digest").Length);
        }
    }

    [Fact]
    public async Task Metadata_readiness_and_status_know_the_endpoint()
    {
        JsonNode metadata = (await _http.GetFromJsonAsync<JsonNode>("/v2/models/scoring", TestContext.Current.CancellationToken))!;
        Assert.Equal("scoring", (string?)metadata["name"]);
        Assert.Equal(["1", "2"], metadata["versions"]!.AsArray().Select(version => (string?)version));
        using HttpResponseMessage ready = await _http.GetAsync(new Uri("/v2/models/scoring/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(ready.IsSuccessStatusCode);
        using HttpResponseMessage status = await _http.GetAsync(new Uri("/v1/models/scoring", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(status.IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_answers_parameters_name_the_arm()
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(
            "/v2/models/scoring/infer", JsonNode.Parse("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}"""), TestContext.Current.CancellationToken);
        JsonNode answer = (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal("stable", (string?)answer["parameters"]!["slipway_arm"]);
        Assert.Equal("adder", (string?)answer["model_name"]);
    }

    [Fact]
    public async Task GRPC_answers_from_the_arm_and_names_it_in_metadata()
    {
        using MetadataHandler handler = new();
        using GrpcClient client = new(_server.Addresses["grpc"], handler);
        InferResult result = await client.InferAsync(
            new InferCall("scoring", [ClientTensor.Of("x", [1, 2], [1f, 1f])]), TestContext.Current.CancellationToken);
        Assert.Equal(("adder", "1", 2f), (result.Model, result.Version, (float)result["y"][0]));
        Assert.Equal(("stable", "weight", "1"), (handler.Of("slipway-arm"), handler.Of("slipway-assignment"), handler.Of("slipway-version")));
    }

    [Fact]
    public async Task The_management_API_tells_what_arms_do()
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(
            "/v2/models/scoring/infer", JsonNode.Parse("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}"""), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        using HttpClient admin = new() { BaseAddress = _server.Addresses["admin"] };
        JsonNode endpoint = (await admin.GetFromJsonAsync<JsonNode>("/api/v1/endpoints/scoring", TestContext.Current.CancellationToken))!;
        Assert.Equal("adder:1", (string?)endpoint["arms"]![0]!["model"]);
        Assert.Equal(1, (int?)endpoint["arms"]![0]!["requests"]);
        Assert.True((double?)endpoint["arms"]![0]!["latency"]!["p50Seconds"] > 0);
        Assert.Null(endpoint["arms"]![0]!["problem"]);
        Assert.Single((await admin.GetFromJsonAsync<JsonNode>("/api/v1/endpoints", TestContext.Current.CancellationToken))!["endpoints"]!.AsArray());
        using HttpResponseMessage unknown = await admin.GetAsync(new Uri("/api/v1/endpoints/nobody", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("""{"endpoint":"scoring","to":2,"plam":"canary"}""", "plam")]
    [InlineData("""{"endpoint":"scoring","to":2,"plan":"slow"}""", "plan: one of canary, blue-green, shadow-first, immediate, custom")]
    [InlineData("""{"endpoint":"scoring","to":2,"plan":"custom"}""", "a custom plan needs 'steps'")]
    [InlineData("""{"endpoint":"scoring","to":2,"steps":[{"weight":101}]}""", "steps[0].weight: a percentage")]
    [InlineData("""{"endpoint":"scoring","to":2,"steps":[{"weight":5,"minTimeSeconds":-1}]}""", "steps[0].minTimeSeconds")]
    [InlineData("""{"endpoint":"scoring","to":2,"policy":{"falseRollback":2}}""", "falseRollback")]
    [InlineData("""{"endpoint":"scoring","to":99}""", "has no version 'adder:99'")]
    [InlineData("""{"endpoint":"nobody","to":2}""", "there is no endpoint and no model 'nobody'")]
    [InlineData("""{"to":2}""", "endpoint: the name")]
    [InlineData("[]", "the body is not what is expected")]
    public async Task A_rollout_that_makes_no_sense_is_refused_by_key(string body, string expected)
    {
        using HttpClient admin = new() { BaseAddress = _server.Addresses["admin"] };
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await admin.PostAsync(new Uri("/api/v1/rollouts", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.InRange((int)response.StatusCode, 400, 404);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : "";

    private static IEnumerable<double> Leaves(JsonNode node) => node switch
    {
        JsonArray array => array.OfType<JsonNode>().SelectMany(Leaves),
        JsonObject map => map.Select(pair => pair.Value).OfType<JsonNode>().SelectMany(Leaves),
        JsonValue value when value.TryGetValue(out double number) => [number],
        _ => [],
    };

    private sealed class MetadataHandler() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private HttpResponseMessage? _last;

        public string Of(string name) => string.Join(",", _last!.Headers.GetValues(name));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _last = await base.SendAsync(request, cancellationToken);
    }
}
