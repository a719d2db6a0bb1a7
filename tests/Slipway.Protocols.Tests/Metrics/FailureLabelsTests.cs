using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Slipway.Core;
using Slipway.Protocols.Metrics;
using Slipway.Protocols.OpenInference.Rest;
using Slipway.Protocols.Protos.Inference;
using Slipway.Protocols.Protos.TensorFlow.Serving;
using Slipway.Protocols.Tests.Grpc;
using Slipway.TestKit.Fakes;

namespace Slipway.Protocols.Tests.Metrics;

/// <summary>Failures are counted under the version that the request would have reached, whichever protocol brought it.</summary>
public sealed class FailureLabelsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MeterListener _listener = new();
    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    public FailureLabelsTests()
    {
        // Whose meters these are can't be told: each test has a model of a name of its own.
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "slipway.server.request.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => _seen.Writer.TryWrite(string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Value}"))));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("labels-rest-run", "", "[1,2]", "model_failed")]
    [InlineData("labels-rest-version", "/versions/1", "[1,2]", "model_failed")]
    [InlineData("labels-rest-label", "/versions/stable", "[1,2]", "model_failed")]
    [InlineData("labels-rest-data", "", "[1]", "shape_mismatch")]
    public async Task Over_REST(string model, string version, string data, string code)
    {
        FakeInference inference = new(Servable(model)) { Before = static (_, _) => throw new SlipwayException(ErrorCode.ModelFailed, "broken") };
        inference.Labels[model] = new Dictionary<string, long> { ["stable"] = 1 };
        await using ProtocolHost host = await ProtocolHost.StartAsync(inference, static endpoints => endpoints.MapOpenInferenceRest());
        using StringContent body = new($$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":{{data}}}]}""");
        using HttpResponseMessage answer = await host.Client.PostAsync($"/v2/models/{model}{version}/infer", body);
        Assert.False(answer.IsSuccessStatusCode);
        await WaitFor($"{model} 1 v2_http infer {code}");
    }

    [Fact]
    public void The_version_asked_is_the_loaded_one_that_the_request_means()
    {
        FakeServable[] versions = [Servable("m", 1), Servable("m", 2), Servable("m", 3)];
        versions[2].State = ServableState.Unloaded;
        FakeInference catalog = new(versions);
        catalog.Labels["m"] = new Dictionary<string, long> { ["stable"] = 1, ["next"] = 3 };

        Assert.Same(versions[1].Info, AskedVersion.Find(catalog, "m", VersionSelector.Default));
        Assert.Same(versions[0].Info, AskedVersion.Find(catalog, "m", VersionSelector.Exact(1)));
        Assert.Same(versions[0].Info, AskedVersion.Find(catalog, "m", VersionSelector.ByLabel("stable")));
        Assert.Null(AskedVersion.Find(catalog, "m", VersionSelector.ByLabel("next")));
        Assert.Null(AskedVersion.Find(catalog, "m", VersionSelector.ByLabel("nope")));
        Assert.Null(AskedVersion.Find(catalog, "m", VersionSelector.Exact(9)));
        Assert.Null(AskedVersion.Find(catalog, "nope", VersionSelector.Default));
        Assert.Null(AskedVersion.Find(catalog, "", VersionSelector.Default));
    }

    [Fact]
    public async Task Over_gRPC()
    {
        const string Model = "labels-grpc";
        await using GrpcTestServer server = await GrpcTestServer.StartAsync();
        server.Models.Add(Model, 7);
        server.Models.Run = static (_, _) => throw new SlipwayException(ErrorCode.Overloaded, "Exceeds maximum queue size");
        using GrpcTestClient client = server.Connect();

        ModelInferRequest infer = new() { ModelName = Model };
        await client.CallAsync("inference.GRPCInferenceService/ModelInfer", infer);
        await WaitFor($"{Model} 7 v2_grpc infer overloaded");
        await client.CallAsync("inference.GRPCInferenceService/ModelStreamInfer", infer);
        await WaitFor($"{Model} 7 v2_grpc stream_infer overloaded");
        infer.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1 } });
        await client.CallAsync("inference.GRPCInferenceService/ModelInfer", infer);
        await WaitFor($"{Model} 7 v2_grpc infer invalid_request");

        ModelSpec spec = new() { Name = Model };
        await client.CallAsync("tensorflow.serving.PredictionService/Predict", new PredictRequest { ModelSpec = spec });
        await WaitFor($"{Model} 7 tensorflow_grpc predict overloaded");
        await client.CallAsync("tensorflow.serving.PredictionService/Regress", new RegressionRequest { ModelSpec = spec });
        await WaitFor($"{Model} 7 tensorflow_grpc regress invalid_request");
    }

    private static FakeServable Servable(string name, long version = 1) => new(
        name, [new("x", TensorDataType.Float32, new(-1, 2))], [new("y", TensorDataType.Float32, new(-1, 2))], static request => request.Inputs, version);

    private async Task WaitFor(string labels)
    {
        using CancellationTokenSource patience = new(Patience);
        await foreach (string each in _seen.Reader.ReadAllAsync(patience.Token))
        {
            if (each == labels)
            {
                return;
            }
        }
    }
}
