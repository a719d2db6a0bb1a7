using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class RunTests
{
    [Fact]
    public async Task Two_hundred_runs_at_once_give_two_hundred_right_answers()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Add(0.5f));
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 20).Select(thread => new Thread(() =>
        {
            for (int run = 0; run < 10; run++)
            {
                float value = (thread * 100) + run;
                using CancellationTokenSource source = new();
                Tensor[] outputs = model.Run([Engine.Floats("x", new TensorShape(1, 2), value, -value)], [0], run % 2 == 0 ? source.Token : CancellationToken.None);
                if (!Engine.Floats(outputs[0]).AsSpan().SequenceEqual([value + 0.5f, -value + 0.5f]))
                {
                    Interlocked.Increment(ref wrong);
                }

                outputs[0].Dispose();
            }
        }))];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task Long_run_ends_when_it_is_cancelled()
    {
        using ILoadedModel model = await Engine.LoadAsync(Loop());
        using CancellationTokenSource source = new();
        Exception? failure = null;
        Thread run = new(() => failure = Record.Exception(() => model.Run([Count(long.MaxValue), Engine.Floats("x", new TensorShape(1), 0)], [0], source.Token)));
        run.Start();
        SpinWait.SpinUntil(() => run.ThreadState == System.Threading.ThreadState.Running || !run.IsAlive, TimeSpan.FromSeconds(30));

        await source.CancelAsync();

        Assert.True(run.Join(TimeSpan.FromSeconds(60)), "the run goes on");
        Assert.Equal(ErrorCode.Cancelled, Assert.IsType<SlipwayException>(failure).Code);

        using CancellationTokenSource other = new();
        Tensor[] outputs = model.Run([Count(10), Engine.Floats("x", new TensorShape(1), 0)], [0], other.Token);
        Assert.Equal([10], Engine.Floats(outputs[0]));
        outputs[0].Dispose();
    }

    [Fact]
    public async Task Run_that_was_cancelled_beforehand_does_not_start()
    {
        using ILoadedModel model = await Engine.LoadAsync(Loop());

        SlipwayException failure = Assert.Throws<SlipwayException>(
            () => model.Run([Count(long.MaxValue), Engine.Floats("x", new TensorShape(1), 0)], [0], new CancellationToken(true)));

        Assert.Equal(ErrorCode.Cancelled, failure.Code);
    }

    [Fact]
    public async Task Only_the_wanted_outputs_come_in_the_wanted_order()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.AddSub(1));

        Tensor[] outputs = model.Run([Engine.Floats("a", new TensorShape(1, 1), 5), Engine.Floats("b", new TensorShape(1, 1), 3)], [1, 0], CancellationToken.None);

        Assert.Equal(["difference", "sum"], outputs.Select(output => output.Name));
        Assert.Equal([2], Engine.Floats(outputs[0]));
        Assert.Equal([8], Engine.Floats(outputs[1]));
    }

    [Fact]
    public async Task Failing_operator_is_a_failure_of_the_model()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, 3).Input("i", OnnxDataType.Int64, "n").Output("y", OnnxDataType.Float, "n").Node("Gather", ["x", "i"], ["y"]).Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        Tensor index = new("i", TensorDataType.Int64, new TensorShape(1), BitConverter.GetBytes(7L));

        SlipwayException failure = Assert.Throws<SlipwayException>(() => Engine.Run(model, Engine.Floats("x", new TensorShape(3), 1, 2, 3), index));

        Assert.True(failure.Code is ErrorCode.ModelFailed or ErrorCode.ShapeMismatch, failure.Code.ToString());
        Assert.DoesNotContain(".cc", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_run_allocates_no_more_than_its_answer()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Add(1));
        using Tensor x = Engine.Floats("x", new TensorShape(1, 2), 1, 2);
        Tensor?[] inputs = [x];
        long allocated = 0;
        for (int i = 0; i < 1000; i++)
        {
            allocated = i == 500 ? GC.GetAllocatedBytesForCurrentThread() : allocated;
            model.Run(inputs, [0], CancellationToken.None)[0].Dispose();
        }

        // The array, the tensor, its shape and the owner of its memory: 184 bytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - allocated) / 500, 1, 256);
    }

    private static Tensor Count(long count) => new("count", TensorDataType.Int64, TensorShape.Scalar, MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in count)).ToArray());

    // y = x + count, one by one.
    private static byte[] Loop() => new OnnxModelBuilder()
        .Input("count", OnnxDataType.Int64)
        .Input("x", OnnxDataType.Float, 1)
        .Output("y", OnnxDataType.Float, 1)
        .Constant("one", [1f], 1)
        .Node("Loop", ["count", "", "x"], ["y"], "", OnnxAttributes.Graph("body", graph =>
        {
            graph.Message(1, node => OnnxModelBuilder.WriteNode(node, "Add", ["v", "one"], ["w"]));
            graph.Message(1, node => OnnxModelBuilder.WriteNode(node, "Identity", ["go"], ["on"]));
            graph.Text(2, "body");
            Value(graph, 11, "i", OnnxDataType.Int64);
            Value(graph, 11, "go", OnnxDataType.Bool);
            Value(graph, 11, "v", OnnxDataType.Float, 1);
            Value(graph, 12, "on", OnnxDataType.Bool);
            Value(graph, 12, "w", OnnxDataType.Float, 1);
        }))
        .Build();

    private static void Value(Slipway.Formats.Protobuf.ProtoWriter graph, int field, string name, OnnxDataType type, params long[] shape) => graph.Message(field, value =>
    {
        value.Text(1, name);
        value.Message(2, of => of.Message(1, tensor =>
        {
            tensor.Int64(1, (long)type);
            tensor.Message(2, dimensions =>
            {
                foreach (long size in shape)
                {
                    dimensions.Message(1, dimension => dimension.Int64(1, size));
                }
            });
        }));
    });
}
