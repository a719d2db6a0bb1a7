using System.Diagnostics;
using System.Runtime.InteropServices;
using Slipway.Bench.Models;
using Slipway.Core;
using Slipway.Inference.Bench;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

// "pipelines" asks for what branches and steps cost.
if (args is ["pipelines"])
{
    await PipelineCost.RunAsync();
    return;
}

// What one request costs beyond the engine, and what dynamic batching does to throughput: ratios of one run, interleaved, medians of the rounds.
int seconds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
const int Rounds = 5;

await using (Served served = await Served.StartAsync(new FakeArtifact("null"), new ModelConfig { Instances = 4 }))
{
    await OneCallerAsync("inference alone (engine costs nothing)", served.Inference, width: 30);
}

if (Assets.Root is not null)
{
    FileArtifact mlp = new(Assets.PathOf("perf/mlp_30_64_1.onnx"));
    await using Served served = await Served.StartAsync(mlp, ModelConfig.Default);
    await OneCallerAsync("mlp 30-64-1, one row", served.Inference, width: 30);
    await CompareAsync("mlp 30-64-1", mlp, width: 30, clients: 64);
}

string wide = Path.Combine(Path.GetTempPath(), "slipway-bench-wide.onnx");
await CompareAsync("wide mlp 512-2048-2048-8", new FileArtifact(WideMlp.Write(wide)), width: 512, clients: 64);
File.Delete(wide);

async Task OneCallerAsync(string title, IInferenceService inference, int width)
{
    const int Operations = 200_000;
    List<double> nanoseconds = [];
    long bytes = 0;
    for (int round = 0; round <= Rounds; round++)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < Operations; i++)
        {
            using InferenceRequest request = Ask(width);
            using InferenceResponse response = await inference.InferAsync(request, CancellationToken.None);
        }

        bytes = GC.GetTotalAllocatedBytes() - allocated;
        nanoseconds.Add(Stopwatch.GetElapsedTime(begin).TotalNanoseconds / Operations);
    }

    nanoseconds.RemoveAt(0);
    nanoseconds.Sort();
    Console.WriteLine($"{title}: {nanoseconds[nanoseconds.Count / 2]:F0} ns/op, {bytes / Operations} bytes/op (the request's own included)");
}

async Task CompareAsync(string title, ModelArtifact artifact, int width, int clients)
{
    await using Served off = await Served.StartAsync(artifact, ModelConfig.Default);
    await using Served on = await Served.StartAsync(artifact, new ModelConfig { Batching = new BatchingConfig() });
    List<(double Off, double On)> rounds = [];
    for (int round = 0; round <= Rounds; round++)
    {
        rounds.Add((await RateAsync(off.Inference, width, clients), await RateAsync(on.Inference, width, clients)));
    }

    (double Off, double On)[] counted = [.. rounds.Skip(1)];
    double[] ratios = [.. counted.Select(static pair => pair.On / pair.Off).Order()];
    Console.WriteLine($"{title}, {clients} callers of one row: {counted.Average(static pair => pair.Off):F0}/s off, {counted.Average(static pair => pair.On):F0}/s on; "
        + $"on / off: {ratios[ratios.Length / 2]:F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
}

async Task<double> RateAsync(IInferenceService inference, int width, int clients)
{
    using CancellationTokenSource done = new(TimeSpan.FromSeconds(seconds));
    long begin = Stopwatch.GetTimestamp();
    long[] answered = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
    {
        long count = 0;
        while (!done.IsCancellationRequested)
        {
            using InferenceRequest request = Ask(width);
            using InferenceResponse response = await inference.InferAsync(request, CancellationToken.None);
            count++;
            if (count % 16 == 0)
            {
                // As between requests on a connection: the thread goes back to the others.
                await Task.Yield();
            }
        }

        return count;
    })));
    return answered.Sum() / Stopwatch.GetElapsedTime(begin).TotalSeconds;
}

static InferenceRequest Ask(int width)
{
    TensorBuffer buffer = TensorBufferPool.Shared.Rent(width * sizeof(float));
    MemoryMarshal.Cast<byte, float>(buffer.Span).Fill(0.5f);
    return new InferenceRequest
    {
        ModelName = Served.Model,
        Inputs = [new Tensor("input", TensorDataType.Float32, new TensorShape(1, width), buffer.Memory, buffer)],
    };
}
