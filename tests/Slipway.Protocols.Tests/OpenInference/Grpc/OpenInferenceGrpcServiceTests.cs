using Google.Protobuf;
using Slipway.Core;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Tests.Grpc;

namespace Slipway.Protocols.Tests.OpenInference.Grpc;

public sealed class OpenInferenceGrpcServiceTests : IAsyncLifetime
{
    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync();
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Server_is_live_and_ready_when_the_models_are()
    {
        Assert.True((await CallAsync("ServerLive", new ServerLiveRequest())).Single(ServerLiveResponse.Parser).Live);
        Assert.True((await CallAsync("ServerReady", new ServerReadyRequest())).Single(ServerReadyResponse.Parser).Ready);
        _server.Models.IsReady = false;
        Assert.False((await CallAsync("ServerReady", new ServerReadyRequest())).Single(ServerReadyResponse.Parser).Ready);
    }

    [Fact]
    public async Task Server_says_who_it_is()
    {
        ServerMetadataResponse response = (await CallAsync("ServerMetadata", new ServerMetadataRequest())).Single(ServerMetadataResponse.Parser);
        Assert.Equal("slipway", response.Name);
        Assert.Contains("statistics", response.Extensions);
    }

    [Fact]
    public async Task Metadata_is_written_as_the_golden_vector()
    {
        // V8 of the protocol's fact sheet, with the echo model's output behind it.
        _server.Models.Add("add", signature: new ModelSignature([new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, 2))], []));
        GrpcReply reply = await CallAsync("ModelMetadata", new ModelMetadataRequest { Name = "add" });
        Assert.Equal(
            "0A03616464" + "120131" + "1A106F6E6E7872756E74696D655F6F6E6E78" + "22160A0178120446503332" + "1A0BFFFFFFFFFFFFFFFFFF0102",
            Convert.ToHexString(Assert.Single(reply.Messages)));
    }

    [Theory]
    [InlineData("good", "", 0, true)]
    [InlineData("good", "2", 0, true)]
    [InlineData("good", "1", 0, false)]
    [InlineData("good", "9", 0, false)]
    [InlineData("nope", "", 5, false)]
    public async Task Readiness_is_that_of_the_version(string model, string version, int status, bool ready)
    {
        _server.Models.Add("good", 1, ServableState.Failed);
        _server.Models.Add("good", 2);
        GrpcReply reply = await CallAsync("ModelReady", new ModelReadyRequest { Name = model, Version = version });
        Assert.Equal(status, reply.Status);
        Assert.Equal(ready, status == 0 && reply.Single(ModelReadyResponse.Parser).Ready);
    }

    [Fact]
    public async Task Configuration_tells_dimensions_without_the_batch()
    {
        Core.ModelConfig config = new()
        {
            Batching = new BatchingConfig { PreferredBatchSizes = [4, 8], MaxQueueDelay = TimeSpan.FromMicroseconds(100) },
            VersionPolicy = new VersionPolicy.Specific([1, 3]),
            Parameters = new Dictionary<string, string> { ["k"] = "v" },
        };
        _server.Models.Add("add", config: config, maxBatchSize: 8);
        Protos.Inference.ModelConfig message = (await CallAsync("ModelConfig", new ModelConfigRequest { Name = "add" })).Single(ModelConfigResponse.Parser).Config;

        Assert.Equal(("add", "onnxruntime_onnx", "onnxruntime", 8), (message.Name, message.Platform, message.Backend, message.MaxBatchSize));
        Assert.Equal(("x", DataType.TypeFp32, 2L), (message.Input[0].Name, message.Input[0].DataType, message.Input[0].Dims.Single()));
        Assert.Equal([4, 8], message.DynamicBatching.PreferredBatchSize);
        Assert.Equal(100UL, message.DynamicBatching.MaxQueueDelayMicroseconds);
        Assert.Equal([1, 3], message.VersionPolicy.Specific.Versions);
        Assert.Equal("v", message.Parameters["k"].StringValue);
        Assert.False(message.ModelTransactionPolicy.Decoupled);
    }

    [Fact]
    public async Task Statistics_have_all_eight_durations()
    {
        _server.Models.Add("add");
        ModelStatisticsResponse response = (await CallAsync("ModelStatistics", new ModelStatisticsRequest())).Single(ModelStatisticsResponse.Parser);
        Protos.Inference.ModelStatistics statistics = Assert.Single(response.ModelStats);
        Assert.Equal((3UL, 3000UL, 17UL), (statistics.InferenceStats.Success.Count, statistics.InferenceStats.Success.Ns, statistics.LastInference));
        Assert.All(InferStatistics.Descriptor.Fields.InDeclarationOrder(), field => Assert.NotNull(field.Accessor.GetValue(statistics.InferenceStats)));
        Assert.Equal(42UL, Assert.Single(statistics.MemoryUsage).ByteSize);
    }

    [Fact]
    public async Task Index_names_every_version_with_its_state_and_can_be_limited_to_the_ready()
    {
        _server.Models.Add("a");
        _server.Models.Add("b", 2, ServableState.Failed);
        RepositoryIndexResponse all = (await CallAsync("RepositoryIndex", new RepositoryIndexRequest())).Single(RepositoryIndexResponse.Parser);
        Assert.Equal([("a", "1", "READY", ""), ("b", "2", "UNAVAILABLE", "broken")], all.Models.Select(static model => (model.Name, model.Version, model.State, model.Reason)));
        RepositoryIndexResponse ready = (await CallAsync("RepositoryIndex", new RepositoryIndexRequest { Ready = true })).Single(RepositoryIndexResponse.Parser);
        Assert.Equal("a", Assert.Single(ready.Models).Name);
    }

    [Fact]
    public async Task Index_says_what_is_wrong_with_a_model_without_versions()
    {
        _server.Models.Known["dup"] = new ModelSnapshot("dup", Core.ModelConfig.Default, [], new Dictionary<string, long>()) { Problem = "folders '1' and '01' are the same version" };
        RepositoryIndexResponse all = (await CallAsync("RepositoryIndex", new RepositoryIndexRequest())).Single(RepositoryIndexResponse.Parser);
        RepositoryIndexResponse.Types.ModelIndex entry = Assert.Single(all.Models);
        Assert.Equal(("dup", "", "UNAVAILABLE", "folders '1' and '01' are the same version"), (entry.Name, entry.Version, entry.State, entry.Reason));
    }

    [Fact]
    public async Task Models_are_loaded_and_unloaded()
    {
        Assert.Equal(0, (await CallAsync("RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "new" })).Status);
        Assert.True(_server.Models.Known.ContainsKey("new"));
        RepositoryModelUnloadRequest unload = new() { ModelName = "new", Parameters = { ["unload_dependents"] = new ModelRepositoryParameter { BoolParam = true } } };
        Assert.Equal(0, (await CallAsync("RepositoryModelUnload", unload)).Status);
        Assert.Equal(5, (await CallAsync("RepositoryModelUnload", unload)).Status);
    }

    [Theory]
    [InlineData("config", "{\"max_batch_size\":4}", 0)]
    [InlineData("config", "{\"no_such_key\":4}", 3)]
    [InlineData("other", "{}", 3)]
    [InlineData("file:1/model.onnx", "", 12)]
    public async Task Load_takes_a_configuration_and_nothing_else(string name, string value, int status)
    {
        RepositoryModelLoadRequest load = new() { ModelName = "new", Parameters = { [name] = new ModelRepositoryParameter { StringParam = value } } };
        Assert.Equal(status, (await CallAsync("RepositoryModelLoad", load)).Status);
    }

    [Fact]
    public async Task An_unload_takes_the_dependents_switch_and_nothing_else()
    {
        _server.Models.Add("a");
        foreach (string name in (string[])["other", "unload_dependents"])
        {
            RepositoryModelUnloadRequest unload = new() { ModelName = "a", Parameters = { [name] = new ModelRepositoryParameter { StringParam = "x" } } };
            Assert.Equal(3, (await CallAsync("RepositoryModelUnload", unload)).Status);
        }
    }

    [Fact]
    public async Task Log_settings_are_told_and_where_nothing_can_be_changed_a_change_is_refused()
    {
        LogSettingsResponse response = (await CallAsync("LogSettings", new LogSettingsRequest())).Single(LogSettingsResponse.Parser);
        Assert.Equal(["log_error", "log_file", "log_format", "log_info", "log_verbose_level", "log_warning"], response.Settings.Keys.Order());
        LogSettingsRequest change = new() { Settings = { ["log_info"] = new LogSettingsRequest.Types.SettingValue { BoolParam = true } } };
        Assert.Equal(12, (await CallAsync("LogSettings", change)).Status);
    }

    [Fact]
    public async Task Trace_settings_are_told_and_where_nothing_is_exported_a_change_is_refused()
    {
        _server.Models.Add("a");
        TraceSettingResponse response = (await CallAsync("TraceSetting", new TraceSettingRequest { ModelName = "a" })).Single(TraceSettingResponse.Parser);
        Assert.Equal("OFF", Assert.Single(response.Settings["trace_level"].Value));
        Assert.Equal("opentelemetry", Assert.Single(response.Settings["trace_mode"].Value));
        TraceSettingRequest.Types.SettingValue rate = new() { Value = { "5" } };
        Assert.Equal(9, (await CallAsync("TraceSetting", new TraceSettingRequest { Settings = { ["trace_rate"] = rate } })).Status);
        Assert.Equal(12, (await CallAsync("TraceSetting", new TraceSettingRequest { ModelName = "a", Settings = { ["trace_rate"] = rate } })).Status);
        Assert.Equal(5, (await CallAsync("TraceSetting", new TraceSettingRequest { ModelName = "nope" })).Status);
    }

    private Task<GrpcReply> CallAsync(string method, IMessage request) => _client.CallAsync("inference.GRPCInferenceService/" + method, request);
}
