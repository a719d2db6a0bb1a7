using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.OpenInference.Rest;

public sealed class ExtensionTests
{
    [Fact]
    public async Task V12_the_index_lists_versions_and_models_without_any()
    {
        FakeServable bad = new("bad", [], [], static _ => [], version: 2) { State = ServableState.Unloaded, Reason = "unloaded" };
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Add, bad) { Unloaded = { "old" } });
        string all = """[{"name":"add","version":"1","state":"READY"},{"name":"bad","version":"2","state":"UNAVAILABLE","reason":"unloaded"},{"name":"old"}]""";
        Assert.Equal(all, await Post(host, "/v2/repository/index", ""));
        Assert.Equal(all, await Post(host, "/v2/repository/any/index", "{}"));
        Assert.Equal("""[{"name":"add","version":"1","state":"READY"}]""", await Post(host, "/v2/repository/index", """{"ready":true}"""));
    }

    [Fact]
    public async Task Models_are_loaded_and_unloaded_by_hand()
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        Assert.Equal("""{"name":"linear","unload":true}""", await Post(host, "/v2/repository/models/linear/unload", """{"parameters":{"unload_dependents":false}}"""));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/v2/models/linear/ready")).StatusCode);
        Assert.Equal("""{"name":"linear","load":true}""", await Post(host, "/v2/repository/models/linear/load", "{}"));
        Assert.Null(host.Inference.LastConfig);
        Assert.Equal(["unload linear", "load linear"], host.Inference.ControlCalls);
    }

    [Fact]
    public async Task A_configuration_given_with_a_load_replaces_the_models_own()
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        string config = """
            {"name":"linear","max_batch_size":16,"dynamic_batching":{"preferred_batch_size":[4,8],"max_queue_delay_microseconds":100},"instance_group":[{"count":2,"kind":"KIND_CPU"}],
             "version_policy":{"specific":{"versions":[1,"3"]}},"response_cache":{"enable":true},"parameters":{"k":{"string_value":"v"}},
             "input":[{"name":"x","data_type":"TYPE_FP32","dims":[2]}]}
            """;
        await Post(host, "/v2/repository/models/linear/load", JsonSerializer.Serialize(new { parameters = new { config } }));
        ModelConfig loaded = host.Inference.LastConfig!;
        Assert.Equal((16, true, 2), (loaded.MaxBatchSize, loaded.Batchable, loaded.Instances));
        Assert.Equal([4, 8], loaded.Batching!.PreferredBatchSizes);
        Assert.Equal(TimeSpan.FromMicroseconds(100), loaded.Batching.MaxQueueDelay);
        Assert.Equal(new VersionPolicy.Specific([1, 3]), loaded.VersionPolicy);
        Assert.NotNull(loaded.ResponseCache);
        Assert.Equal("v", loaded.Parameters["k"]);
        Assert.Equal(new TensorShape(-1, 2), loaded.DeclaredInputs.Single().Shape);
    }

    [Theory]
    [InlineData("""{"parameters":{"file:1/model.onnx":"AAAA"}}""", 501, "files are not taken from requests")]
    [InlineData("""{"parameters":{"other":1}}""", 400, "only parameter")]
    [InlineData("""{"parameters":{"config":"{\"unknown_key\":1}"}}""", 400, "unknown_key")]
    [InlineData("""{"parameters":{"config":"{\"name\":\"else\"}"}}""", 400, "is not the model")]
    [InlineData("""{"parameters":{"config":"{\"model_warmup\":[{\"name\":\"w\"}]}"}}""", 501, "model_warmup")]
    [InlineData("""{"parameters":{"config":"{\"max_batch_size\":-1}"}}""", 400, "max_batch_size")]
    [InlineData("""{"parameters":{"config":"not json"}}""", 400, "not a ModelConfig")]
    [InlineData("""{"parameters":""", 400, "the request's JSON")]
    public async Task A_load_that_asks_for_more_is_refused(string body, int status, string part)
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        using HttpResponseMessage answer = await host.Client.PostAsync("/v2/repository/models/linear/load", new StringContent(body));
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Contains(part, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(host.Inference.ControlCalls);
    }

    [Fact]
    public async Task Loading_an_unknown_model_is_not_found()
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.PostAsync("/v2/repository/models/nope/load", null)).StatusCode);
    }

    [Fact]
    public async Task Statistics_have_every_key_that_load_generators_read()
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        string expected = """
            {"name":"linear","version":"1","last_inference":1234,"inference_count":7,"execution_count":3,"inference_stats":{"success":{"count":5,"ns":500},"fail":{"count":1,"ns":50},"queue":{"count":5,"ns":100},"compute_input":{"count":4,"ns":10},"compute_infer":{"count":4,"ns":300},"compute_output":{"count":4,"ns":20},"cache_hit":{"count":1,"ns":5},"cache_miss":{"count":4,"ns":8}}
            """.Trim();
        foreach (string path in (string[])["/v2/models/stats", "/v2/models/linear/stats", "/v2/models/linear/versions/1/stats"])
        {
            string text = await host.Client.GetStringAsync(path);
            Assert.StartsWith("{\"model_stats\":[" + expected, text, StringComparison.Ordinal);
            Assert.Contains("\"memory_usage\":[{\"type\":\"CPU\",\"id\":0,\"byte_size\":4096}]", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/v2/models/nope/stats")).StatusCode);
    }

    [Fact]
    public async Task The_configuration_is_in_the_terms_of_ModelConfig_with_whole_numbers()
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        using JsonDocument config = JsonDocument.Parse(await host.Client.GetStringAsync("/v2/models/linear/config"));
        JsonElement root = config.RootElement;
        Assert.Equal("linear", root.GetProperty("name").GetString());
        Assert.Equal(8, root.GetProperty("max_batch_size").GetInt32());
        JsonElement input = root.GetProperty("input")[0];
        Assert.Equal("TYPE_FP32", input.GetProperty("data_type").GetString());
        Assert.Equal(2, input.GetProperty("dims")[0].GetInt64());
        Assert.Equal(1, root.GetProperty("version_policy").GetProperty("latest").GetProperty("num_versions").GetInt32());
        Assert.False(root.GetProperty("model_transaction_policy").GetProperty("decoupled").GetBoolean());
        Assert.False(root.TryGetProperty("dynamic_batching", out _));
    }

    [Theory]
    [InlineData("GET", "/v2/logging", 200)]
    [InlineData("POST", "/v2/logging", 400)]
    [InlineData("GET", "/v2/trace/setting", 200)]
    [InlineData("GET", "/v2/models/linear/trace/setting", 200)]
    [InlineData("GET", "/v2/models/nope/trace/setting", 404)]
    [InlineData("POST", "/v2/models/linear/trace/setting", 400)]
    [InlineData("GET", "/v2/systemsharedmemory/status", 501)]
    [InlineData("POST", "/v2/systemsharedmemory/region/r/register", 501)]
    [InlineData("POST", "/v2/cudasharedmemory/region/r/unregister", 501)]
    public async Task Settings_are_shown_and_what_is_not_offered_is_refused(string verb, string path, int status)
    {
        await using ProtocolHost host = await Start(new FakeInference(SampleModels.Linear));
        using HttpResponseMessage answer = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path));
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.StartsWith("{", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_of_a_batch_have_their_labels_and_ties_go_to_the_lower_index()
    {
        FakeServable labelled = new(
            "labelled",
            [new("x", TensorDataType.Float64, new(-1, 3))],
            [new("x_out", TensorDataType.Float64, new(-1, 3)) { Labels = ["cat", "dog"] }],
            static request => [new Tensor("x_out", TensorDataType.Float64, request.Inputs[0].Shape, request.Inputs[0].Data.ToArray())],
            maxBatchSize: 4);
        await using ProtocolHost host = await Start(new FakeInference(labelled));
        string answer = await Post(host, "/v2/models/labelled/infer", """
            {"inputs":[{"name":"x","shape":[3,3],"datatype":"FP64","data":[[1,1,NaN],[0,-5,2.5],[-Infinity,7,Infinity]]}],"outputs":[{"name":"x_out","parameters":{"classification":9}}]}
            """);
        Assert.EndsWith(
            """
            "datatype":"BYTES","shape":[3,3],"data":["1.000000:0:cat","1.000000:1:dog","nan:2","2.500000:2","0.000000:0:cat","-5.000000:1:dog","inf:2","7.000000:1:dog","-inf:0:cat"]}]}
            """.Trim(),
            answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_of_an_empty_batch_have_the_shape_that_other_batches_have()
    {
        FakeServable scores = new(
            "scores",
            [new("x", TensorDataType.Float32, new(-1, 4))],
            [new("y", TensorDataType.Float32, new(-1, 4))],
            static request => [new Tensor("y", TensorDataType.Float32, request.Inputs[0].Shape, request.Inputs[0].Data.ToArray())],
            maxBatchSize: 4);
        await using ProtocolHost host = await Start(new FakeInference(scores));
        string answer = await Post(host, "/v2/models/scores/infer", """
            {"inputs":[{"name":"x","shape":[0,4],"datatype":"FP32","data":[]}],"outputs":[{"name":"y","parameters":{"classification":2}}]}
            """);
        Assert.EndsWith("""{"name":"y","datatype":"BYTES","shape":[0,2],"data":[]}]}""", answer, StringComparison.Ordinal);
    }

    private static Task<ProtocolHost> Start(FakeInference inference) => ProtocolHost.StartAsync(inference, static endpoints => endpoints.MapOpenInferenceRest());

    private static async Task<string> Post(ProtocolHost host, string path, string body)
    {
        using HttpResponseMessage answer = await host.Client.PostAsync(path, new StringContent(body, Encoding.UTF8));
        return await answer.Content.ReadAsStringAsync();
    }
}
