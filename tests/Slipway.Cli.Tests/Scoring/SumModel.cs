using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Cli.Tests.Scoring;

/// <summary>
/// Answers the sum of each row of <c>x [N, F]</c>. Fails, as engines do, on a batch with a negative first value; takes a different time for each batch.
/// </summary>
internal sealed class SumModel : ILoadedModel
{
    private readonly int _features;
    private int _runs;

    public SumModel(int features, bool batchable = true)
    {
        _features = features;
        Signature = new ModelSignature(
            [new TensorSignature("x", TensorDataType.Float32, new TensorShape(batchable ? -1 : 1, features))],
            [new TensorSignature("sum", TensorDataType.Float64, new TensorShape(batchable ? -1 : 1, 1))])
        {
            IsBatchable = batchable,
        };
    }

    public ModelSignature Signature { get; }

    public long MemoryBytes => 0;

    public int Runs => _runs;

    public int LargestBatch { get; private set; }

    public Action? Running { get; init; }

    public Action? Ran { get; init; }

    public Tensor[] Run(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<int> outputs, CancellationToken cancellationToken)
    {
        Running?.Invoke();
        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(inputs[0]!.Data.Span);
        int rows = (int)inputs[0]!.Shape[0];
        LargestBatch = Math.Max(LargestBatch, rows);

        // Blocks finish in another order than they began.
        Thread.SpinWait(Interlocked.Increment(ref _runs) % 7 * 2000);
        double[] sums = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> features = values.Slice(row * _features, _features);
            foreach (float feature in features)
            {
                sums[row] += feature;
            }

            if (features[0] < 0)
            {
                throw new SlipwayException(ErrorCode.ModelFailed, "a negative value");
            }
        }

        Ran?.Invoke();
        return [new Tensor("sum", TensorDataType.Float64, new TensorShape(rows, 1), MemoryMarshal.AsBytes(sums.AsSpan()).ToArray())];
    }

    public void Dispose()
    {
    }
}
