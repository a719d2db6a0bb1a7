using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.OnnxRuntime.Tests.Values;

public sealed class FlatteningTests
{
    [Fact]
    public async Task Sequence_output_is_all_elements_and_their_shapes()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("a", OnnxDataType.Float, "n")
            .Input("b", OnnxDataType.Float, 2, 2)
            .Output("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
            .Node("SequenceConstruct", ["a", "b", "a"], ["s"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Assert.Equal(["s", "s.shapes"], model.Signature.Outputs.Select(output => output.Name));
        Assert.False(model.Signature.IsBatchable);
        Tensor[] outputs = Engine.Run(model, Engine.Floats("a", new TensorShape(1), 9), Engine.Floats("b", new TensorShape(2, 2), 1, 2, 3, 4));

        Assert.Equal(new TensorShape(6), outputs[0].Shape);
        Assert.Equal([9, 1, 2, 3, 4, 9], Engine.Floats(outputs[0]));
        Assert.Equal(new TensorShape(3, 2), outputs[1].Shape);
        Assert.Equal([1, -1, 2, 2, 1, -1], MemoryMarshal.Cast<byte, long>(outputs[1].Data.Span).ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Elements_of_a_sequence_are_no_rows(bool isInput)
    {
        OnnxModelBuilder builder = new();
        byte[] bytes = isInput
            ? builder.Input("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float))).Output("y", OnnxDataType.Float, "n")
                .Node("ConcatFromSequence", ["s"], ["y"], "", OnnxAttributes.Int("axis", 0)).Build()
            : builder.Input("x", OnnxDataType.Float, "n").Output("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
                .Node("SplitToSequence", ["x"], ["s"]).Build();

        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Assert.False(model.Signature.IsBatchable);
    }

    [Fact]
    public async Task Sequence_input_is_read_in_place_and_comes_back()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
            .Input("i", OnnxDataType.Int64)
            .Output("length", OnnxDataType.Int64)
            .Output("element", OnnxDataType.Float, "n")
            .Output("rest", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
            .Node("SequenceLength", ["s"], ["length"])
            .Node("SequenceAt", ["s", "i"], ["element"])
            .Node("SequenceErase", ["s", "i"], ["rest"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        Assert.Equal(["s", "s.shapes", "i"], model.Signature.Inputs.Select(input => input.Name));
        float[] values = [1, 2, 3, 4, 5];
        Tensor s = Engine.Floats("s", new TensorShape(5), values);

        Tensor[] outputs = Engine.Run(model, s, Longs("s.shapes", new TensorShape(3, 1), 1, 0, 4), Longs("i", TensorShape.Scalar, 2));
        s.Data.Span.Overlaps(outputs[1].Data.Span, out int overlap);

        Assert.Equal(3, MemoryMarshal.Read<long>(outputs[0].Data.Span));
        Assert.Equal([2, 3, 4, 5], Engine.Floats(outputs[1]));
        Assert.Equal([1], Engine.Floats(outputs[2]));
        Assert.Equal(new TensorShape(2, 1), outputs[3].Shape);
        Assert.Equal(0, overlap);
    }

    [Theory]
    [InlineData(new long[] { 3, 4 }, "has fewer elements")]
    [InlineData(new long[] { 1, 1 }, "has more elements")]
    [InlineData(new long[] { 5, -2 }, "padded at the end with -1")]
    [InlineData(new long[] { long.MaxValue, 4 }, "has fewer elements")]
    public async Task Sequence_input_that_does_not_fit_its_shapes_is_refused(long[] lengths, string reason)
    {
        using ILoadedModel model = await Engine.LoadAsync(Lengths());

        SlipwayException failure = Assert.Throws<SlipwayException>(() => Engine.Run(
            model, Engine.Floats("s", new TensorShape(5), 1, 2, 3, 4, 5), Longs("s.shapes", new TensorShape(2, 1), lengths)));

        Assert.Equal(ErrorCode.ShapeMismatch, failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sequence_without_elements_can_be_given_back_but_not_given()
    {
        byte[] empty = new OnnxModelBuilder().Output("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float))).Node("SequenceEmpty", [], ["s"]).Build();
        using ILoadedModel model = await Engine.LoadAsync(empty);
        Tensor[] outputs = Engine.Run(model);
        Assert.Equal(new TensorShape(0), outputs[0].Shape);
        Assert.Equal(new TensorShape(0, 0), outputs[1].Shape);

        using ILoadedModel other = await Engine.LoadAsync(Lengths());
        SlipwayException failure = Assert.Throws<SlipwayException>(() => Engine.Run(
            other, Engine.Floats("s", new TensorShape(0)), Longs("s.shapes", new TensorShape(0, 1))));
        Assert.Equal(ErrorCode.NotSupported, failure.Code);
    }

    [Fact]
    public async Task Sequence_of_strings_keeps_every_byte()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("a", OnnxDataType.String, "n")
            .Output("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.String)))
            .Node("SequenceConstruct", ["a", "a"], ["s"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        byte[] packed = OnnxTensorReader.Pack([new byte[] { 0xFF, 0 }, Array.Empty<byte>()]);

        Tensor[] outputs = Engine.Run(model, new Tensor("a", TensorDataType.String, new TensorShape(2), packed));

        Assert.Equal([.. packed, .. packed], outputs[0].Data.ToArray());
        Assert.Equal([2, 2], MemoryMarshal.Cast<byte, long>(outputs[1].Data.Span).ToArray());
    }

    [Fact]
    public async Task ZipMap_becomes_a_matrix_with_the_classes_as_labels_in_ascending_order()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Opset("", 15).Opset("ai.onnx.ml", 1)
            .Input("x", OnnxDataType.Float, "n", 3)
            .Output("p", ValueTypes.Sequence(ValueTypes.Map(OnnxDataType.String, ValueTypes.Tensor(OnnxDataType.Float))))
            .Node("ZipMap", ["x"], ["p"], "ai.onnx.ml", ValueTypes.Strings("classlabels_strings", "b", "c", "a"))
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        TensorSignature p = Assert.Single(model.Signature.Outputs);
        Assert.Equal(["a", "b", "c"], p.Labels);
        Assert.Equal(new TensorShape(-1, 3), p.Shape);
        Assert.True(model.Signature.IsBatchable);
        Tensor output = Assert.Single(Engine.Run(model, Engine.Floats("x", new TensorShape(2, 3), 1, 2, 3, 4, 5, 6)));
        Assert.Equal([3, 1, 2, 6, 4, 5], Engine.Floats(output));
    }

    [Fact]
    public async Task Maps_whose_classes_the_graph_does_not_show_have_keys_beside_them()
    {
        ProtoWriter function = new();
        function.Message(25, body =>
        {
            body.Text(1, "Hidden");
            body.Text(4, "x");
            body.Text(5, "p");
            body.Message(7, node => OnnxModelBuilder.WriteNode(node, "ZipMap", ["x"], ["p"], "ai.onnx.ml", OnnxAttributes.Ints("classlabels_int64s", 7, -3)));
            body.Message(9, opset =>
            {
                opset.Text(1, "ai.onnx.ml");
                opset.Int64(2, 1);
            });
            body.Text(10, "local");
        });
        byte[] bytes = new OnnxModelBuilder()
            .Opset("", 15).Opset("ai.onnx.ml", 1).Opset("local", 1)
            .Input("x", OnnxDataType.Float, "n", 2)
            .Output("p", ValueTypes.Sequence(ValueTypes.Map(OnnxDataType.Int64, ValueTypes.Tensor(OnnxDataType.Float))))
            .Node("Hidden", ["x"], ["p"], "local")
            .Build();
        using ILoadedModel model = await Engine.LoadAsync([.. bytes, .. function.Written.Span]);

        Assert.Equal(["p", "p.keys"], model.Signature.Outputs.Select(output => output.Name));
        Assert.False(model.Signature.IsBatchable);
        Tensor[] outputs = Engine.Run(model, Engine.Floats("x", new TensorShape(2, 2), 1, 2, 3, 4));
        Assert.Equal(new TensorShape(2, 2), outputs[0].Shape);
        Assert.Equal([2, 1, 4, 3], Engine.Floats(outputs[0]));
        Assert.Equal([-3, 7], MemoryMarshal.Cast<byte, long>(outputs[1].Data.Span).ToArray());
    }

    [Fact]
    public async Task Map_input_is_keys_and_values()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Opset("", 15).Opset("ai.onnx.ml", 1)
            .Input("m", ValueTypes.Map(OnnxDataType.String, ValueTypes.Tensor(OnnxDataType.Float)))
            .Output("y", OnnxDataType.Float, 1, 3)
            .Node("DictVectorizer", ["m"], ["y"], "ai.onnx.ml", ValueTypes.Strings("string_vocabulary", "a", "b", "c"))
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);
        Assert.Equal(["m", "m.keys"], model.Signature.Inputs.Select(input => input.Name));
        Tensor keys = new("m.keys", TensorDataType.String, new TensorShape(2), OnnxTensorReader.Pack("c", "a"));

        Tensor output = Assert.Single(Engine.Run(model, Engine.Floats("m", new TensorShape(2), 30, 10), keys));

        Assert.Equal([10, 0, 30], Engine.Floats(output));
    }

    [Fact]
    public async Task Optional_output_says_whether_it_is_there()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "n")
            .Output("o", ValueTypes.Optional(ValueTypes.Tensor(OnnxDataType.Float)))
            .Output("none", ValueTypes.Optional(ValueTypes.Tensor(OnnxDataType.Float)))
            .Node("Optional", ["x"], ["o"])
            .Node("Optional", [], ["none"], "", ValueTypes.TypeAttribute("type", ValueTypes.Tensor(OnnxDataType.Float)))
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Tensor[] outputs = Engine.Run(model, Engine.Floats("x", new TensorShape(2), 1, 2));

        Assert.Equal(["o", "o.present", "none", "none.present"], outputs.Select(output => output.Name));
        Assert.Equal([1, 2], Engine.Floats(outputs[0]));
        Assert.Equal(1, outputs[1].Data.Span[0]);
        Assert.Equal(0, outputs[2].ElementCount);
        Assert.Equal(0, outputs[3].Data.Span[0]);
    }

    [Fact]
    public async Task Optional_input_is_given_as_a_tensor()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Opset("", 18)
            .Input("o", ValueTypes.Optional(ValueTypes.Tensor(OnnxDataType.Float)))
            .Output("has", OnnxDataType.Bool)
            .Node("OptionalHasElement", ["o"], ["has"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Tensor output = Assert.Single(Engine.Run(model, Engine.Floats("o", new TensorShape(2), 1, 2)));

        Assert.Equal(1, output.Data.Span[0]);
    }

    [Fact]
    public async Task One_part_of_a_value_can_be_asked_for_alone()
    {
        byte[] bytes = new OnnxModelBuilder()
            .Input("a", OnnxDataType.Float, "n")
            .Output("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
            .Output("y", OnnxDataType.Float, "n")
            .Node("SequenceConstruct", ["a", "a"], ["s"])
            .Node("Neg", ["a"], ["y"])
            .Build();
        using ILoadedModel model = await Engine.LoadAsync(bytes);

        Tensor[] outputs = model.Run([Engine.Floats("a", new TensorShape(1), 5)], [2, 1], CancellationToken.None);

        Assert.Equal(["y", "s.shapes"], outputs.Select(output => output.Name));
        Assert.Equal([-5], Engine.Floats(outputs[0]));
    }

    private static byte[] Lengths() => new OnnxModelBuilder()
        .Input("s", ValueTypes.Sequence(ValueTypes.Tensor(OnnxDataType.Float)))
        .Output("length", OnnxDataType.Int64)
        .Node("SequenceLength", ["s"], ["length"])
        .Build();

    private static Tensor Longs(string name, TensorShape shape, params long[] values) =>
        new(name, TensorDataType.Int64, shape, MemoryMarshal.AsBytes<long>(values).ToArray());
}
