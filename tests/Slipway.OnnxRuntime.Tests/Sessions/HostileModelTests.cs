using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.OnnxRuntime.Tests.Values;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Sessions;

public sealed class HostileModelTests
{
    [Fact]
    public async Task Empty_file_is_refused()
    {
        await Refused([]);
    }

    [Fact]
    public async Task Every_cut_of_a_model_is_refused_or_harmless()
    {
        byte[] whole = OnnxModels.MatMul();
        for (int length = 1; length < whole.Length; length++)
        {
            try
            {
                (await Engine.LoadAsync(whole[..length])).Dispose();
            }
            catch (SlipwayException failure)
            {
                Assert.True(failure.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported, failure.ToString());
            }
        }
    }

    [Fact]
    public async Task Changed_bytes_are_refused_or_harmless()
    {
        byte[] whole = OnnxModels.Mlp(4);
        Random random = new(20261121);
        for (int round = 0; round < 500; round++)
        {
            byte[] changed = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                (await Engine.LoadAsync(changed)).Dispose();
            }
            catch (SlipwayException failure)
            {
                Assert.True(failure.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported, $"round {round}: {failure}");
            }
        }
    }

    [Fact]
    public async Task Graphs_nested_beyond_reason_are_refused()
    {
        Action<ProtoWriter> inner = graph => graph.Text(2, "leaf");
        for (int depth = 0; depth < 200; depth++)
        {
            Action<ProtoWriter> next = inner;
            inner = graph => graph.Message(1, node => node.Message(5, OnnxAttributes.Graph("body", next)));
        }

        SlipwayException failure = await Refused(new OnnxModelBuilder().Raw(inner).Build());

        Assert.Contains("deep", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engines_own_format_is_not_accepted()
    {
        await Refused([0x18, 0, 0, 0, (byte)'O', (byte)'R', (byte)'T', (byte)'M', 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public async Task Initializer_that_claims_to_be_huge_is_refused()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Output("y", OnnxDataType.Float, 1)
            .Raw(graph => graph.Message(5, tensor =>
            {
                tensor.Int64(1, 1L << 40);
                tensor.Int64(1, 1L << 40);
                tensor.Int64(2, 1);
                tensor.Text(8, "w");
                tensor.Bytes(9, [0, 0, 0, 0]);
            }))
            .Node("Identity", ["w"], ["y"])
            .Build();

        await Refused(bytes);
    }

    [Fact]
    public async Task Flattened_name_that_another_output_has_is_refused()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("a", OnnxDataType.Float, "n")
            .Output("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
            .Output("s.shapes", OnnxDataType.Float, "n")
            .Node("SequenceConstruct", ["a"], ["s"])
            .Node("Neg", ["a"], ["s.shapes"])
            .Build();

        SlipwayException failure = await Refused(bytes);

        Assert.Contains("'s.shapes'", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<SlipwayException> Refused(byte[] bytes)
    {
        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => Engine.LoadAsync(bytes));
        Assert.Equal(ErrorCode.InvalidModel, failure.Code);
        Assert.DoesNotContain(".cc", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
