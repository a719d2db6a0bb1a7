using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.Onnx;

/// <summary>Byte images derived by hand from onnx.proto and the protobuf encoding.</summary>
public sealed class OnnxGoldenVectorTests
{
    private const string LinearRegressorNode =
        "0a0178 120179 220f4c696e656172526567726573736f72 2a1b 0a0c636f656666696369656e7473 3d0000003f 3d000080bf a00106 "
        + "2a14 0a0a696e7465726365707473 3d00000040 a00106 2a0e 0a0774617267657473 1801 a00102 3a0a61692e6f6e6e782e6d6c";

    private const string LinearRegressorModel =
        "0808 1207736c6970776179 3a9701 0a66 " + LinearRegressorNode + " 120167 5a14 0a0178 120f 0a0d 0801 1209 0a03 12014e 0a02 0802 "
        + "6214 0a0179 120f 0a0d 0801 1209 0a03 12014e 0a02 0801 4204 0a00 100f 420e 0a0a61692e6f6e6e782e6d6c 1001";

    [Fact]
    public void A_whole_model_is_read()
    {
        byte[] bytes = Bytes(LinearRegressorModel);
        Assert.Equal(187, bytes.Length);

        OnnxModel model = OnnxReader.Read(new MemoryStream(bytes), bytes.Length);

        Assert.Equal((8L, "slipway", "g"), (model.IrVersion!.Value, model.ProducerName, model.Graph!.Name));
        Assert.Equal([new OnnxOpset("", 15), new OnnxOpset("ai.onnx.ml", 1)], model.Opsets);
        Assert.Equal(("x", "FP32[N,2]"), (model.Graph.Inputs[0].Name, model.Graph.Inputs[0].Type!.ToString()));
        Assert.Equal(("y", "FP32[N,1]"), (model.Graph.Outputs[0].Name, model.Graph.Outputs[0].Type!.ToString()));
        OnnxNode node = Assert.Single(model.Graph.Nodes);
        Assert.Equal(("LinearRegressor", "ai.onnx.ml"), (node.Operator, node.Domain));
        Assert.Equal([0.5f, -1f], node.Attributes[0].Floats);
        Assert.Equal(("intercepts", 1L), (node.Attributes[1].Name, node.Attributes[1].ElementCount));
        Assert.Equal((OnnxAttributeType.Int, 1L), (node.Attributes[2].Type, node.Attributes[2].Int!.Value));
    }

    [Fact]
    public void A_node_is_written()
    {
        ProtoWriter node = new();
        OnnxModelBuilder.WriteNode(
            node,
            "LinearRegressor",
            ["x"],
            ["y"],
            "ai.onnx.ml",
            OnnxAttributes.Floats("coefficients", 0.5f, -1f),
            OnnxAttributes.Floats("intercepts", 2f),
            OnnxAttributes.Int("targets", 1));

        Assert.Equal(Convert.ToHexStringLower(Bytes(LinearRegressorNode)), Convert.ToHexStringLower(node.Written.Span));
    }

    [Theory]
    [InlineData("0a0461786973 1801 a00102", "axis", 1L, null, null)]
    [InlineData("0a046d6f6465 2206 4c494e454152 a00103", "mode", null, "LINEAR", null)]
    [InlineData("0a0166 15 0000003f a00101", "f", null, null, 0.5f)]
    public void Attributes_are_read_and_written(string hex, string name, long? integer, string? text, float? number)
    {
        byte[] bytes = Bytes(hex);
        OnnxAttribute attribute = ReadTensorModel(graph => graph.Message(1, node => node.Bytes(5, bytes))).Graph!.Nodes[0].Attributes[0];
        Assert.Equal((name, integer, text, number), (attribute.Name, attribute.Int, attribute.Text, attribute.Float));

        ProtoWriter written = new();
        (integer is { } i ? OnnxAttributes.Int(name, i) : text is not null ? OnnxAttributes.Text(name, text) : OnnxAttributes.Float(name, number!.Value))(written);
        Assert.Equal(Convert.ToHexStringLower(bytes), Convert.ToHexStringLower(written.Written.Span));
    }

    [Theory]
    [InlineData("0801 0802 1001 420177 4a08 0000803f00000040", "w", OnnxDataType.Float, "1,2", 8L, 0L)]
    [InlineData("0802 1008 32026869 3200 420173", "s", OnnxDataType.String, "2", null, 2L)]
    [InlineData("0802 100a 2a05 807c808003 420168", "h", OnnxDataType.Float16, "2", null, 2L)]
    [InlineData("0802 1007 3a0b 01 ffffffffffffffffff01 420169", "i", OnnxDataType.Int64, "2", null, 2L)]
    public void Tensors_are_described_without_their_values(string hex, string name, OnnxDataType type, string shape, long? rawBytes, long typed)
    {
        OnnxTensor tensor = ReadTensorModel(graph => graph.Bytes(5, Bytes(hex))).Graph!.Initializers[0];

        Assert.Equal((name, type, shape), (tensor.Name, tensor.DataType, string.Join(',', tensor.Dimensions)));
        Assert.Equal((rawBytes, typed), (tensor.Raw?.Length, tensor.TypedCount));
    }

    [Fact]
    public void External_data_is_described()
    {
        OnnxModel model = ReadTensorModel(graph => graph.Bytes(5, Bytes(
            "0801 0802 1001 420177 6a11 0a086c6f636174696f6e 1205772e62696e 6a0e 0a066f6666736574 120434303936 6a0b 0a066c656e677468 120138 7001")));

        Assert.Equal(new OnnxExternalData("w.bin", 4096, 8), Assert.Single(model.ExternalTensors).External);
    }

    [Fact]
    public void Raw_values_are_found_where_they_lie()
    {
        byte[] bytes = OnnxModels.MatMul();
        OnnxTensor tensor = OnnxReader.Read(new MemoryStream(bytes), bytes.Length).Graph!.Initializers[0];

        Assert.Equal([1f, 2f, 3f, 4f], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan((int)tensor.Raw!.Value.Offset, (int)tensor.Raw.Value.Length)).ToArray());
    }

    private static OnnxModel ReadTensorModel(Action<ProtoWriter> graph)
    {
        byte[] bytes = new OnnxModelBuilder().Raw(graph).Build();
        return OnnxReader.Read(new MemoryStream(bytes), bytes.Length);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
