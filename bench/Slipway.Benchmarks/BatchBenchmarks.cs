using BenchmarkDotNet.Attributes;
using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Scheduling;

namespace Slipway.Benchmarks;

/// <summary>Laying the rows of sixteen requests end to end and cutting the answers apart again.</summary>
[MemoryDiagnoser]
public class BatchBenchmarks
{
    private const int Requests = 16;

    private readonly TensorBufferPool _pool = new();
    private List<PendingRequest> _batch = [];

    [Params(30, 512, 150_528)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Prepare() => _batch = [.. Enumerable.Range(0, Requests).Select(_ => new PendingRequest(
        [new Tensor("x", TensorDataType.Float32, new TensorShape(1, Width), new byte[Width * sizeof(float)])],
        [0],
        new RequestSize(1, Width * sizeof(float)),
        0,
        default))];

    [Benchmark]
    public int GatherAndScatter()
    {
        Tensor?[] gathered = BatchGather.Gather(_batch, Requests, Requests, _pool);
        Tensor[][] answers = BatchScatter.Scatter(_batch, [0], [gathered[0]!], Requests)!;
        foreach (Tensor[] answer in answers)
        {
            answer[0].Dispose();
        }

        return answers.Length;
    }
}
