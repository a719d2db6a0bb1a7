using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Serving;
using Slipway.Pipelines.Telemetry;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Bench;

/// <summary>What branches of a pipeline cost beside one branch, and what a step costs beside the bare call of its model: ratios of one run, medians.</summary>
internal static class PipelineCost
{
    private const int Latency = 20;
    private static readonly int[] Branches = [1, 2, 4, 8];

    public static async Task RunAsync()
    {
        await WaitingAsync();
        await OverheadAsync("a model that costs nothing", new FakeArtifact("null"), 30, 100_000);
        if (Assets.Root is null)
        {
            return;
        }

        await OverheadAsync("mlp 30-64-1", new FileArtifact(Assets.PathOf("perf/mlp_30_64_1.onnx")), 30, 50_000);
        await ComputingAsync(new FileArtifact(Assets.PathOf("perf/transformer_encoder_128x256.onnx")));
    }

    // Branches that wait for another server: as long as the slowest, if they run at once.
    private static async Task WaitingAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication far = builder.Build();
        far.Run(static async context =>
        {
            await Task.Delay(Latency);
            await context.Response.WriteAsync("""{"outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""");
        });
        await far.StartAsync();
        TensorSignature y = new("y", TensorDataType.Float32, new TensorShape(-1, 2));
        UpstreamBody body = new(new Uri(far.Urls.First()), "m") { Inputs = Read("x"), Outputs = [y] };
        await CompareAsync($"branches that wait {Latency} ms for another server", count => Define(2, count, _ => body, "y"), new FakeInference(), new FakeInference(), 2, 50);
    }

    // Branches that compute: no faster than the cores there are.
    private static async Task ComputingAsync(ModelArtifact artifact)
    {
        await using Served served = await Served.StartAsync(artifact, new ModelConfig { Instances = 8 });
        ServableInfo info = await served.Catalog.GetServableAsync(Served.Model, VersionSelector.Default, CancellationToken.None);
        TensorSignature input = info.Signature.Inputs[0];
        await CompareAsync(
            $"branches of the transformer encoder 128×256 on {Environment.ProcessorCount} cores",
            count => Define(input, count, _ => new ModelBody(Served.Model, default) { Inputs = new Dictionary<string, string> { [input.Name] = "x" } }, info.Signature.Outputs[0].Name),
            served.Inference,
            served.Catalog,
            TensorOf(input),
            20);
    }

    private static async Task CompareAsync(string title, Func<int, PipelineDefinition> define, IInferenceService inference, IModelCatalog catalog, int width, int requests) =>
        await CompareAsync(title, define, inference, catalog, new Tensor("x", TensorDataType.Float32, new TensorShape(1, width), new byte[width * sizeof(float)]), requests);

    private static async Task CompareAsync(string title, Func<int, PipelineDefinition> define, IInferenceService inference, IModelCatalog catalog, Tensor input, int requests)
    {
        double one = 0;
        foreach (int count in Branches)
        {
            using Runner runner = new(define(count), inference, catalog);
            double median = await runner.MedianAsync(input, requests);
            one = count == 1 ? median : one;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: k = {count}: {median:F2} ms, {median / one:F2} of one branch ({count} would be the sum)"));
        }
    }

    private static async Task OverheadAsync(string title, ModelArtifact artifact, int width, int requests)
    {
        const int Rounds = 5;
        await using Served served = await Served.StartAsync(artifact, new ModelConfig { Instances = 4 });
        ServableInfo info = await served.Catalog.GetServableAsync(Served.Model, VersionSelector.Default, CancellationToken.None);
        (string input, string output) = (info.Signature.Inputs[0].Name, info.Signature.Outputs[0].Name);
        PipelineDefinition Chain(int count) => new()
        {
            Name = "p",
            Inputs = [new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, width))],
            Steps = [.. Enumerable.Range(0, count).Select(i => new StepDefinition { Name = $"s{i}", Body = new ModelBody(Served.Model, default) { Inputs = new Dictionary<string, string> { [input] = "x" } } })],
            Outputs = [new PipelineOutput("y", $"s{count - 1}.{output}")],
        };
        using Runner pipeline = new(Chain(1), served.Inference, served.Catalog);
        Tensor x = new("x", TensorDataType.Float32, new TensorShape(1, width), new byte[width * sizeof(float)]);
        Tensor direct = new(input, TensorDataType.Float32, x.Shape, x.Data);
        List<(double Bare, double Step)> rounds = [];
        for (int round = 0; round <= Rounds; round++)
        {
            rounds.Add((await NanosecondsAsync(served.Inference, Served.Model, direct, requests), await NanosecondsAsync(pipeline.Inference, "p", x, requests)));
        }

        (double Bare, double Step)[] counted = [.. rounds.Skip(1).OrderBy(static pair => pair.Step - pair.Bare)];
        (double bare, double step) = counted[counted.Length / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one step, {title}: {bare:F0} ns bare, {step:F0} ns in a pipeline: {step - bare:F0} ns more"));
    }

    private static async Task<double> NanosecondsAsync(IInferenceService inference, string model, Tensor input, int requests)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < requests; i++)
        {
            using InferenceRequest request = new() { ModelName = model, Inputs = [input] };
            using InferenceResponse response = await inference.InferAsync(request, CancellationToken.None);
        }

        return Stopwatch.GetElapsedTime(begin).TotalNanoseconds / requests;
    }

    private static Dictionary<string, string> Read(string from) => new() { [from] = from };

    private static PipelineDefinition Define(int width, int count, Func<int, StepBody> body, string output) =>
        Define(new TensorSignature("x", TensorDataType.Float32, new TensorShape(-1, width)), count, body, output);

    private static PipelineDefinition Define(TensorSignature input, int count, Func<int, StepBody> body, string output) => new()
    {
        Name = "p",
        Inputs = [input with { Name = "x" }],
        Steps = [.. Enumerable.Range(0, count).Select(i => new StepDefinition { Name = $"s{i}", Body = body(i) })],
        Outputs = [.. Enumerable.Range(0, count).Select(i => new PipelineOutput($"y{i}", $"s{i}.{output}"))],
    };

    private static Tensor TensorOf(TensorSignature type)
    {
        TensorShape shape = new([.. type.Shape.Dimensions.ToArray().Select(static size => size < 0 ? 1 : size)]);
        float[] values = new float[shape.TryGetElementCount(out long count) ? count : 0];
        Array.Fill(values, 0.5f);
        return new Tensor("x", type.DataType, shape, MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    /// <summary>One pipeline around models.</summary>
    private sealed class Runner : IDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<PipelineMetrics>().BuildServiceProvider();
        private readonly SocketsHttpHandler _connections = new();
        private readonly PipelineService _pipelines;

        public Runner(PipelineDefinition pipeline, IInferenceService inference, IModelCatalog catalog)
        {
            _pipelines = new PipelineService([pipeline], inference, catalog, _services.GetRequiredService<PipelineMetrics>(), TimeProvider.System, NullLogger<PipelineService>.Instance, _connections);
        }

        public IInferenceService Inference => _pipelines.Inference;

        public async Task<double> MedianAsync(Tensor input, int requests)
        {
            List<double> milliseconds = [];
            for (int i = 0; i < requests + 5; i++)
            {
                long begin = Stopwatch.GetTimestamp();
                using InferenceRequest request = new() { ModelName = "p", Inputs = [input] };
                using InferenceResponse response = await Inference.InferAsync(request, CancellationToken.None);
                milliseconds.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            double[] counted = [.. milliseconds.Skip(5).Order()];
            return counted[counted.Length / 2];
        }

        public void Dispose()
        {
            _pipelines.Dispose();
            _connections.Dispose();
            _services.Dispose();
        }
    }
}
