using System.Text;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Values;

public sealed class TensorTests
{
    public static TheoryData<TensorDataType, OnnxDataType> FixedTypes => new()
    {
        { TensorDataType.Bool, OnnxDataType.Bool },
        { TensorDataType.UInt8, OnnxDataType.UInt8 },
        { TensorDataType.UInt16, OnnxDataType.UInt16 },
        { TensorDataType.UInt32, OnnxDataType.UInt32 },
        { TensorDataType.UInt64, OnnxDataType.UInt64 },
        { TensorDataType.Int8, OnnxDataType.Int8 },
        { TensorDataType.Int16, OnnxDataType.Int16 },
        { TensorDataType.Int32, OnnxDataType.Int32 },
        { TensorDataType.Int64, OnnxDataType.Int64 },
        { TensorDataType.Float16, OnnxDataType.Float16 },
        { TensorDataType.BFloat16, OnnxDataType.BFloat16 },
        { TensorDataType.Float32, OnnxDataType.Float },
        { TensorDataType.Float64, OnnxDataType.Double },
    };

    [Theory]
    [MemberData(nameof(FixedTypes))]
    public async Task Every_type_goes_in_and_out_unchanged(TensorDataType type, OnnxDataType onnx)
    {
        byte[] bytes = new OnnxModelBuilder { IrVersion = 10 }
            .Opset("", 21)
            .Input("x", onnx, "n", 3)
            .Output("y", onnx, "m")
            .Constant("shape", [-1L], 1)
            .Node("Reshape", ["x", "shape"], ["y"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        Assert.Equal(type, model.Signature.Inputs[0].DataType);
        byte[] data = [.. Enumerable.Range(0, (int)type.ByteLength(9)).Select(i => (byte)(type == TensorDataType.Bool ? i & 1 : i))];

        using Tensor y = Assert.Single(Engine.Run(model, new Tensor("x", type, new TensorShape(3, 3), data)));

        Assert.Equal(type, y.DataType);
        Assert.Equal(new TensorShape(9), y.Shape);
        Assert.Equal(data, y.Data.ToArray());
    }

    [Theory]
    [InlineData(TensorDataType.Int4, OnnxDataType.Int4, new float[] { 1, -2, 7 }, new byte[] { 0xE1, 0x07 })]
    [InlineData(TensorDataType.UInt4, OnnxDataType.UInt4, new float[] { 1, 14, 7 }, new byte[] { 0xE1, 0x07 })]
    public async Task Four_bit_types_go_in_and_out_packed(TensorDataType type, OnnxDataType onnx, float[] values, byte[] packed)
    {
        byte[] unpack = new OnnxModelBuilder { IrVersion = 10 }
            .Opset("", 21).Input("x", onnx, "n").Output("y", OnnxDataType.Float, "n").Constant("one", [1f])
            .Node("DequantizeLinear", ["x", "one"], ["y"]).Build();
        byte[] pack = new OnnxModelBuilder { IrVersion = 10 }
            .Opset("", 21).Input("x", OnnxDataType.Float, "n").Output("y", onnx, "n").Constant("one", [1f])
            .Node("QuantizeLinear", ["x", "one"], ["y"], "", OnnxAttributes.Int("output_dtype", (long)onnx)).Build();
        using ILoadedModel unpacking = await Engine.LoadAsync(unpack);
        using ILoadedModel packing = await Engine.LoadAsync(pack);

        using Tensor floats = Assert.Single(Engine.Run(unpacking, new Tensor("x", type, new TensorShape(3), packed)));
        using Tensor bits = Assert.Single(Engine.Run(packing, Engine.Floats("x", new TensorShape(3), values)));

        Assert.Equal(values, Engine.Floats(floats));
        Assert.Equal(type, bits.DataType);
        Assert.Equal(packed[0], bits.Data.Span[0]);
        Assert.Equal(packed[1], bits.Data.Span[1] & 0x0F);
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1L << 32, 1L << 30)]
    [InlineData(1L << 40, 1L << 40)]
    public async Task Shapes_beyond_any_memory_are_refused(long rows, long columns)
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Add(1));

        SlipwayException failure = Assert.Throws<SlipwayException>(
            () => Engine.Run(model, new Tensor("x", TensorDataType.Float32, new TensorShape(rows, columns), new byte[8])));

        Assert.Equal(ErrorCode.ShapeMismatch, failure.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("grün, 緑, 🟢")]
    [InlineData("with\0zero")]
    public async Task Strings_come_back_as_they_were(string text)
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Identity(OnnxDataType.String));
        byte[] packed = OnnxTensorReader.Pack([Encoding.UTF8.GetBytes(text), new byte[] { 0xC3, 0x28, 0xFF }, Array.Empty<byte>(), Encoding.UTF8.GetBytes(text)]);

        using Tensor y = Assert.Single(Engine.Run(model, new Tensor("x", TensorDataType.String, new TensorShape(2, 2), packed)));

        Assert.Equal(packed, y.Data.ToArray());
    }

    [Fact]
    public async Task Strings_that_do_not_fit_their_shape_are_refused()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Identity(OnnxDataType.String));
        byte[] three = OnnxTensorReader.Pack("a", "b", "c");
        byte[] cut = OnnxTensorReader.Pack("a", "bcd")[..^1];

        foreach (byte[] data in new[] { three, cut, [], [255, 255, 255, 255, 0, 0, 0, 0] })
        {
            SlipwayException failure = Assert.Throws<SlipwayException>(
                () => Engine.Run(model, new Tensor("x", TensorDataType.String, new TensorShape(1, 2), data)));
            Assert.Equal(ErrorCode.ShapeMismatch, failure.Code);
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(3, 0)]
    public async Task Tensors_without_elements_pass(long rows, long columns)
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "n", "k").Output("y", OnnxDataType.Float, "n", "k").Node("Neg", ["x"], ["y"]).Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        using Tensor y = Assert.Single(Engine.Run(model, new Tensor("x", TensorDataType.Float32, new TensorShape(rows, columns), default)));

        Assert.Equal(new TensorShape(rows, columns), y.Shape);
        Assert.Equal(0, y.Data.Length);
    }

    [Fact]
    public async Task Scalars_pass()
    {
        byte[] bytes = new OnnxModelBuilder().Input("x", OnnxDataType.Float).Output("y", OnnxDataType.Float).Node("Neg", ["x"], ["y"]).Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", TensorShape.Scalar, 2)));

        Assert.Equal(TensorShape.Scalar, y.Shape);
        Assert.Equal([-2], Engine.Floats(y));
        Assert.False(model.Signature.IsBatchable);
    }

    [Fact]
    public async Task Input_at_an_odd_address_gives_the_same_answer()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Add(1));
        byte[] odd = new byte[9];
        BitConverter.TryWriteBytes(odd.AsSpan(1), 41f);

        using Tensor y = Assert.Single(Engine.Run(model, new Tensor("x", TensorDataType.Float32, new TensorShape(1, 2), odd.AsMemory(1, 8))));

        Assert.Equal([42, 1], Engine.Floats(y));
    }

    [Fact]
    public async Task Output_that_is_an_input_does_not_share_its_memory()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "n")
            .Output("x", OnnxDataType.Float, "n")
            .Output("y", OnnxDataType.Float, "n")
            .Node("Neg", ["x"], ["y"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        byte[] data = [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)];

        Tensor[] outputs = Engine.Run(model, new Tensor("x", TensorDataType.Float32, new TensorShape(2), data));
        data.AsSpan().Clear();

        Assert.Equal([1, 2], Engine.Floats(outputs[0]));
        Array.ForEach(outputs, output => output.Dispose());
    }

    [Fact]
    public async Task Output_outlives_its_model()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "n").Output("w", OnnxDataType.Float, 1000).Output("y", OnnxDataType.Float, "n")
            .Constant("w", [.. Enumerable.Range(0, 1000).Select(i => (float)i)], 1000)
            .Node("Neg", ["x"], ["y"])
            .Build();
        ILoadedModel model = await Engine.LoadAsync(bytes);
        Tensor[] outputs = Engine.Run(model, Engine.Floats("x", new TensorShape(1), 1));

        model.Dispose();
        (await Engine.LoadAsync(OnnxModels.Mlp(256))).Dispose();

        Assert.Equal(999, Engine.Floats(outputs[0])[999]);
        Assert.Equal([-1], Engine.Floats(outputs[1]));
        Array.ForEach(outputs, output => output.Dispose());
        Assert.Throws<ObjectDisposedException>(() => Engine.Run(model, Engine.Floats("x", new TensorShape(1), 1)));
    }

    [Fact]
    public async Task Bytes_that_do_not_fit_the_shape_are_refused()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.Add(1));

        SlipwayException failure = Assert.Throws<SlipwayException>(() => Engine.Run(model, Engine.Floats("x", new TensorShape(2, 2), 1, 2, 3)));

        Assert.Equal(ErrorCode.ShapeMismatch, failure.Code);
        Assert.Equal("input 'x': shape [2,2] of FP32 takes 16 bytes, 12 were given", failure.Message);
    }

    [Fact]
    public async Task Shape_that_the_model_does_not_take_is_a_shape_mismatch_without_a_path()
    {
        using ILoadedModel model = await Engine.LoadAsync(OnnxModels.MatMul());

        SlipwayException failure = Assert.Throws<SlipwayException>(() => Engine.Run(model, Engine.Floats("x", new TensorShape(1, 3), 1, 2, 3)));

        Assert.Equal(ErrorCode.ShapeMismatch, failure.Code);
        Assert.DoesNotContain("/onnxruntime", failure.Message, StringComparison.Ordinal);
        using Tensor y = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(1, 2), 1, 1)));
        Assert.Equal([4, 6], Engine.Floats(y));
    }

    [Fact]
    public async Task Model_with_very_many_inputs_runs()
    {
        OnnxModelBuilder builder = new();
        string[] names = [.. Enumerable.Range(0, 300).Select(i => $"x{i}")];
        foreach (string name in names)
        {
            builder.Input(name, OnnxDataType.Float, "n");
        }

        using ILoadedModel model = await Engine.LoadAsync(builder.Output("y", OnnxDataType.Float, "n").Node("Sum", names, ["y"]).Build());

        using Tensor y = Assert.Single(Engine.Run(model, [.. names.Select((name, i) => Engine.Floats(name, new TensorShape(1), i))]));

        Assert.Equal([300 * 299 / 2], Engine.Floats(y));
    }
}
