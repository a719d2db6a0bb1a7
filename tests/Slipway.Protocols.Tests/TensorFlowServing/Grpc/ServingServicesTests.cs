using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Protocols.Protos.TensorFlow;
using Slipway.Protocols.Protos.TensorFlow.Serving;
using Slipway.Protocols.Tests.Grpc;
using DataType = Slipway.Protocols.Protos.TensorFlow.DataType;
using ModelConfig = Slipway.Protocols.Protos.TensorFlow.Serving.ModelConfig;

namespace Slipway.Protocols.Tests.TensorFlowServing.Grpc;

public sealed class ServingServicesTests : IAsyncLifetime
{
    private GrpcTestServer _server = null!;
    private GrpcTestClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync();
        _server.Models.Add("half", 123, signature: new ModelSignature(
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1))],
            [new TensorSignature("prediction", TensorDataType.Float32, new TensorShape(-1))]));
        _client = _server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Status_is_written_as_the_golden_vector()
    {
        // T11 of the protocol's fact sheet.
        GrpcReply reply = await _client.CallAsync("tensorflow.serving.ModelService/GetModelStatus", Convert.FromHexString("0a060a0468616c66"));
        Assert.Equal("0A06087B101E1A00", Convert.ToHexString(Assert.Single(reply.Messages)));
    }

    [Fact]
    public async Task Status_lists_versions_largest_first_with_the_reason_of_a_failure()
    {
        _server.Models.Add("half", 124, ServableState.Failed);
        GetModelStatusRequest request = new() { ModelSpec = new ModelSpec { Name = "half" } };
        GetModelStatusResponse response = (await _client.CallAsync("tensorflow.serving.ModelService/GetModelStatus", request)).Single(GetModelStatusResponse.Parser);
        Assert.Equal(
            [(124, ModelVersionStatus.Types.State.End, "broken"), (123, ModelVersionStatus.Types.State.Available, "")],
            response.ModelVersionStatus.Select(static version => (version.Version, version.State, version.Status.ErrorMessage)));

        request.ModelSpec.Version = 7;
        GrpcReply unknown = await _client.CallAsync("tensorflow.serving.ModelService/GetModelStatus", request);
        Assert.Equal((5, "Could not find version 7 of model half"), (unknown.Status, unknown.Message));
    }

    [Fact]
    public async Task Metadata_is_the_default_signature()
    {
        // T10 asks for another field than there is; with the right name the answer is a map in an Any.
        GetModelMetadataRequest request = new() { ModelSpec = new ModelSpec { Name = "half" }, MetadataField = { "signature_def" } };
        GetModelMetadataResponse response = (await _client.CallAsync("tensorflow.serving.PredictionService/GetModelMetadata", request)).Single(GetModelMetadataResponse.Parser);

        Assert.Equal("type.googleapis.com/tensorflow.serving.SignatureDefMap", response.Metadata["signature_def"].TypeUrl);
        SignatureDef signature = response.Metadata["signature_def"].Unpack<SignatureDefMap>().SignatureDef["serving_default"];
        Assert.Equal("tensorflow/serving/predict", signature.MethodName);
        Assert.Equal((DataType.DtFloat, -1L), (signature.Inputs["x"].Dtype, signature.Inputs["x"].TensorShape.Dim.Single().Size));
        Assert.Equal(("half", 123L, ""), (response.ModelSpec.Name, response.ModelSpec.Version!.Value, response.ModelSpec.SignatureName));

        request.MetadataField.Clear();
        Assert.Equal(3, (await _client.CallAsync("tensorflow.serving.PredictionService/GetModelMetadata", request)).Status);
    }

    [Fact]
    public async Task Regress_takes_a_feature_for_each_input()
    {
        _server.Models.Run = static (request, _) => ValueTask.FromResult<IReadOnlyList<Tensor>>([Floats("prediction", [2], 2.5f, 3f)]);
        RegressionRequest request = new() { ModelSpec = new ModelSpec { Name = "half" }, Input = Examples(("x", 1f), ("x", 2f)) };
        RegressionResponse response = (await _client.CallAsync("tensorflow.serving.PredictionService/Regress", request)).Single(RegressionResponse.Parser);

        Assert.Equal([2.5f, 3f], response.Result.Regressions.Select(static regression => regression.Value));
        Assert.Equal("0000803F00000040", Convert.ToHexString(Assert.Single(_server.Models.Last!.Inputs).Data));
        Assert.Equal(["prediction"], _server.Models.Last.Outputs);
    }

    [Fact]
    public async Task Classify_names_classes_and_fills_missing_columns()
    {
        _server.Models.Add("iris", signature: new ModelSignature(
            [new TensorSignature("X", TensorDataType.Float32, new TensorShape(-1, 2))],
            [
                new TensorSignature("label", TensorDataType.Int64, new TensorShape(-1)),
                new TensorSignature("probabilities", TensorDataType.Float32, new TensorShape(-1, 2)) { Labels = ["no", "yes"] },
            ])
        {
            Metadata = new Dictionary<string, string> { [ModelMetadataKeys.FeatureNames] = "[\"a\",\"b\"]" },
        });
        _server.Models.Run = static (request, _) => ValueTask.FromResult<IReadOnlyList<Tensor>>(
            [new Tensor("label", TensorDataType.Int64, new TensorShape(1), new byte[8]), Floats("probabilities", [1, 2], 0.25f, 0.75f)]);
        ClassificationRequest request = new() { ModelSpec = new ModelSpec { Name = "iris" }, Input = Examples(("b", 4f)) };
        ClassificationResponse response = (await _client.CallAsync("tensorflow.serving.PredictionService/Classify", request)).Single(ClassificationResponse.Parser);

        Assert.Equal([("no", 0.25f), ("yes", 0.75f)], response.Result.Classifications.Single().Classes.Select(static one => (one.Label, one.Score)));
        Assert.Equal("0000C0FF00008040", Convert.ToHexString(Assert.Single(_server.Models.Last!.Inputs).Data));
    }

    [Fact]
    public async Task MultiInference_asks_several_on_the_same_examples()
    {
        _server.Models.Run = static (_, _) => ValueTask.FromResult<IReadOnlyList<Tensor>>([Floats("prediction", [1], 2.5f)]);
        MultiInferenceRequest request = new()
        {
            Input = Examples(("x", 1f)),
            Tasks =
            {
                new InferenceTask { ModelSpec = new ModelSpec { Name = "half" }, MethodName = "tensorflow/serving/regress" },
                new InferenceTask { ModelSpec = new ModelSpec { Name = "half" }, MethodName = "tensorflow/serving/classify" },
            },
        };
        MultiInferenceResponse response = (await _client.CallAsync("tensorflow.serving.PredictionService/MultiInference", request)).Single(MultiInferenceResponse.Parser);
        Assert.Equal(2.5f, response.Results[0].RegressionResult.Regressions.Single().Value);
        Assert.Equal(2.5f, response.Results[1].ClassificationResult.Classifications.Single().Classes.Single().Score);
    }

    [Fact]
    public async Task Examples_that_do_not_fit_are_refused()
    {
        RegressionRequest request = new() { ModelSpec = new ModelSpec { Name = "half" }, Input = Examples(("y", 1f)) };
        GrpcReply reply = await _client.CallAsync("tensorflow.serving.PredictionService/Regress", request);
        Assert.Equal((3, "example 0: feature 'x' is missing"), (reply.Status, reply.Message));

        request.Input = null;
        Assert.Equal(3, (await _client.CallAsync("tensorflow.serving.PredictionService/Regress", request)).Status);
    }

    [Fact]
    public async Task Session_is_UNIMPLEMENTED() =>
        Assert.Equal(12, (await _client.CallAsync("tensorflow.serving.SessionService/SessionRun", new SessionRunRequest())).Status);

    [Fact]
    public async Task Reload_without_a_list_of_models_is_FAILED_PRECONDITION()
    {
        GrpcReply reply = await _client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("half"));
        Assert.Equal(9, reply.Status);
    }

    [Fact]
    public async Task Reload_hands_the_list_over_and_waits_for_its_models()
    {
        FakeList list = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: services => services.AddSingleton<IModelListControl>(list));
        list.Replaced = models => server.Models.Add(models[0].Name, 42, config: ConfigOf(models[0]));
        using GrpcTestClient client = server.Connect();
        ReloadConfigResponse response = (await client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("fresh"))).Single(ReloadConfigResponse.Parser);

        Assert.Equal(Protos.TensorFlow.Error.Code.Ok, response.Status.ErrorCode);
        ConfiguredModel model = Assert.Single(list.Models);
        Assert.Equal(("fresh", "/models/fresh", 42L), (model.Name, model.BasePath, model.Labels["stable"]));
        Assert.Equal(new VersionPolicy.Specific([42, 43]), model.VersionPolicy);
    }

    [Fact]
    public async Task Reload_waits_for_the_versions_of_the_new_policy_although_an_old_one_answers()
    {
        FakeList list = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: services => services.AddSingleton<IModelListControl>(list));
        server.Models.Add("half", 7);
        using GrpcTestClient client = server.Connect();
        Task<GrpcReply> reload = client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("half"));
        await list.Called.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        server.Models.Add("half", 42, ServableState.Loading, config: ConfigOf(list.Models[0]));
        Assert.False(reload.IsCompleted);
        server.Models.Known["half"] = server.Models.Known["half"] with { Versions = [.. server.Models.Known["half"].Versions.Where(static version => version.Version != 42)] };
        server.Models.Add("half", 42, config: ConfigOf(list.Models[0]));
        Assert.Equal(0, (await reload).Status);
    }

    [Fact]
    public async Task Reload_with_a_label_for_a_version_that_does_not_answer_is_FAILED_PRECONDITION()
    {
        FakeList list = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: services => services.AddSingleton<IModelListControl>(list));
        list.Replaced = models => server.Models.Add(models[0].Name, 43, config: ConfigOf(models[0]));
        using GrpcTestClient client = server.Connect();
        GrpcReply reply = await client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("half"));

        Assert.Equal(9, reply.Status);
        Assert.StartsWith("Request to assign label to version 42 of model half, which is not currently available for inference", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_whose_new_content_of_a_version_is_refused_fails_although_the_old_one_answers()
    {
        FakeList list = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: services => services.AddSingleton<IModelListControl>(list));
        server.Models.Add("half", 42);
        list.Replaced = models =>
        {
            ModelSnapshot old = server.Models.Known["half"];
            VersionSnapshot kept = old.Versions[0] with { Error = ErrorCode.InvalidModel, Reason = "the newer content was not loaded: it is cut off" };
            server.Models.Known["half"] = old with { Config = ConfigOf(models[0]), Versions = [kept] };
        };
        using GrpcTestClient client = server.Connect();
        GrpcReply reply = await client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("half"));

        Assert.NotEqual(0, reply.Status);
        Assert.Equal("model 'half' version 42: the newer content was not loaded: it is cut off", reply.Message);

        // It is no failure of the next list that says the same of a model that answers.
        list.Replaced = models => server.Models.Known["half"] = server.Models.Known["half"] with { Config = ConfigOf(models[0]) };
        Assert.Equal(0, (await client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("half"))).Status);
    }

    [Fact]
    public async Task Reload_waits_while_a_version_is_replaced_under_its_number()
    {
        FakeList list = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: services => services.AddSingleton<IModelListControl>(list));
        server.Models.Add("half", 42);
        list.Replaced = models => server.Models.Known["half"] = server.Models.Known["half"] with { Config = ConfigOf(models[0]), IsChanging = true };
        using GrpcTestClient client = server.Connect();
        Task<GrpcReply> reload = client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", Reload("half"));
        await list.Called.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.False(reload.IsCompleted);

        ModelSnapshot changing = server.Models.Known["half"];
        server.Models.Known["half"] = changing with { IsChanging = false, Versions = [changing.Versions[0] with { Error = ErrorCode.InvalidModel, Reason = "cut off" }] };
        Assert.NotEqual(0, (await reload).Status);
    }

    [Fact]
    public async Task Reload_with_a_policy_of_no_number_serves_one_version()
    {
        FakeList list = new();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(services: services => services.AddSingleton<IModelListControl>(list));
        list.Replaced = models => server.Models.Add("half", 42, config: ConfigOf(models[0]));
        using GrpcTestClient client = server.Connect();
        ReloadConfigRequest request = Reload("half");
        request.Config.ModelConfigList.Config[0].ModelVersionPolicy = new ServableVersionPolicy { Latest = new ServableVersionPolicy.Types.Latest() };

        Assert.Equal(0, (await client.CallAsync("tensorflow.serving.ModelService/HandleReloadConfigRequest", request)).Status);
        Assert.Equal(VersionPolicy.LatestOne, Assert.Single(list.Models).VersionPolicy);
    }

    private static Core.ModelConfig ConfigOf(ConfiguredModel model) => new() { VersionPolicy = model.VersionPolicy!, Labels = model.Labels };

    private static ReloadConfigRequest Reload(string name)
    {
        ModelConfig model = new()
        {
            Name = name,
            BasePath = "/models/" + name,
            ModelPlatform = "tensorflow",
            VersionLabels = { ["stable"] = 42 },
            ModelVersionPolicy = new ServableVersionPolicy { Specific = new ServableVersionPolicy.Types.Specific { Versions = { 42, 43 } } },
        };
        return new ReloadConfigRequest { Config = new ModelServerConfig { ModelConfigList = new ModelConfigList { Config = { model } } } };
    }

    private static Input Examples(params (string Name, float Value)[] rows)
    {
        ExampleList list = new();
        foreach ((string name, float value) in rows)
        {
            list.Examples.Add(new Example { Features = new Features { Feature = { [name] = new Feature { FloatList = new FloatList { Value = { value } } } } } });
        }

        return new Input { ExampleList = list };
    }

    private static Tensor Floats(string name, long[] shape, params float[] values) =>
        new(name, TensorDataType.Float32, new TensorShape(shape), System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private sealed class FakeList : IModelListControl
    {
        public IReadOnlyList<ConfiguredModel> Models { get; private set; } = [];

        public Action<IReadOnlyList<ConfiguredModel>>? Replaced { get; set; }

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task ReplaceModelsAsync(IReadOnlyList<ConfiguredModel> models, CancellationToken cancellationToken)
        {
            Models = models;
            Replaced?.Invoke(models);
            Called.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
