using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Scheduling;
using Slipway.TestKit.Fakes;

namespace Slipway.Inference.Tests.Scheduling;

public sealed class GatherScatterTests
{
    [Fact]
    public void Scatter_undoes_gather_and_every_buffer_comes_back()
    {
        Random random = new(7);
        TensorBufferPool pool = new();
        for (int round = 0; round < 200; round++)
        {
            int width = random.Next(1, 5);
            List<PendingRequest> batch = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pending(random, width))];
            int rows = batch.Sum(static request => request.Rows);
            int padded = rows + random.Next(0, 4);

            Tensor?[] gathered = BatchGather.Gather(batch, rows, padded, pool);
            Assert.Equal(padded, gathered[0]!.Shape[0]);
            Tensor[][]? answers = BatchScatter.Scatter(batch, [0], [gathered[0]!], padded);

            for (int i = 0; i < batch.Count; i++)
            {
                Assert.True(batch[i].Inputs[0]!.Data.Span.SequenceEqual(answers![i][0].Data.Span));
                Assert.Equal(batch[i].Inputs[0]!.Shape, answers[i][0].Shape);
            }

            long before = pool.RetainedBytes;
            foreach (Tensor[] answer in answers!.SkipLast(1))
            {
                answer[0].Dispose();
            }

            // The memory is one piece: it is released with the last slice, and not before.
            Assert.Equal(before, pool.RetainedBytes);
            answers![^1][0].Dispose();
            Assert.True(pool.RetainedBytes > before);
        }
    }

    [Fact]
    public void Output_without_a_row_for_each_row_is_noticed_and_released()
    {
        Released released = new();
        Tensor output = new("y", TensorDataType.Float32, new TensorShape(1), new byte[4], released);

        Assert.Null(BatchScatter.Scatter([Pending(new Random(1), 2)], [0], [output], rows: 5));
        Assert.True(released.IsDisposed);
    }

    [Fact]
    public void Union_holds_every_wanted_output_once()
    {
        PendingRequest Wanting(params int[] outputs) => new([], outputs, new RequestSize(1, 0), 0, default);
        int[] all = [0, 1, 2];

        Assert.Equal([0, 2, 5], BatchScatter.UnionOfOutputs([Wanting(5, 0), Wanting(2, 5)]));
        Assert.Same(all, BatchScatter.UnionOfOutputs([Wanting(all), Wanting(all)]));
    }

    [Fact]
    public void Requests_share_a_batch_only_when_their_rows_are_alike()
    {
        Tensor Of(params long[] shape) => FakeModelDefinition.Floats("x", new TensorShape(shape), new float[shape.Aggregate(1L, static (a, b) => a * b)]);

        Assert.Equal(BatchKey.Of([Of(1, 3)]), BatchKey.Of([Of(7, 3)]));
        Assert.NotEqual(BatchKey.Of([Of(1, 3)]), BatchKey.Of([Of(1, 4)]));
        Assert.NotEqual(BatchKey.Of([Of(1, 3), Of(1)]), BatchKey.Of([Of(1), Of(1, 3)]));
        Assert.NotEqual(BatchKey.Of([Of(1, 3), null]), BatchKey.Of([Of(1, 3), Of(1)]));
        Assert.NotEqual(BatchKey.Of([Of(1, 2, 3)]), BatchKey.Of([Of(1, 2), Of(1, 3)]));
    }

    private static PendingRequest Pending(Random random, int width)
    {
        int rows = random.Next(1, 5);
        float[] values = [.. Enumerable.Range(0, rows * width).Select(_ => random.NextSingle())];
        Tensor tensor = FakeModelDefinition.Floats("x", new TensorShape(rows, width), values);
        return new PendingRequest([tensor], [0], new RequestSize(rows, tensor.Data.Length), 0, default);
    }

    private sealed class Released : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
