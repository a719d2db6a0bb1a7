using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Tests.Operators;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Images keep their channels first between the operators that want them so.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void Network_of_convolutions_transposes_its_input_and_nothing_else()
    {
        string[] operators = ConvertedModel.Operators(Network().Convert());

        Assert.Equal(1, operators.Count(static operation => operation == "Transpose"));
        Assert.Equal(3, operators.Count(static operation => operation == "Conv"));
    }

    [Fact]
    public async Task Dilated_convolution_written_as_a_rearrangement_becomes_one_convolution()
    {
        // The same convolution once through SpaceToBatchND and once with dilations: NumPy checks the latter.
        Random random = new(5);
        float[] image = [.. Enumerable.Range(0, 6 * 7 * 2).Select(_ => random.NextSingle())];
        float[] filter = [.. Enumerable.Range(0, 3 * 3 * 2 * 3).Select(_ => random.NextSingle())];
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1, 6, 7, 2])));
        graph.Constant("filter", filter, 3, 3, 2, 3);
        graph.Constant("block", [2, 2], 2);
        graph.Constant("pads", [2, 2, 2, 3], 2, 2);
        graph.Constant("crops", [0, 0, 0, 1], 2, 2);
        graph.Node("dealt", "SpaceToBatchND", ["x", "block", "pads"]);
        graph.Node("conv", "Conv2D", ["dealt", "filter"], ("strides", Attribute.Integers(1, 1, 1, 1)), ("padding", Attribute.Text("VALID")));
        graph.Node("gathered", "BatchToSpaceND", ["conv", "block", "crops"]);
        graph.Node("direct", "Conv2D", ["x", "filter"], ("strides", Attribute.Integers(1, 1, 1, 1)), ("padding", Attribute.Text("SAME")), ("dilations", Attribute.Integers(1, 2, 2, 1)));
        graph.Signature("serving_default", [("x", "x:0", TensorFlowType.Float, [-1, 6, 7, 2])], [("a", "gathered:0", TensorFlowType.Float, null), ("b", "direct:0", TensorFlowType.Float, null)]);
        byte[] converted = graph.Convert();

        using ILoadedModel model = await Engine.LoadAsync(converted);
        Tensor[] outputs = Engine.Run(model, [Engine.Of("x", image, 1, 6, 7, 2)]);

        Assert.DoesNotContain("Reshape", ConvertedModel.Operators(converted));
        Assert.Equal(new TensorShape(1, 6, 7, 3), outputs[0].Shape);
        Assert.Equal(MemoryMarshal.Cast<byte, float>(outputs[1].Data.Span).ToArray(), MemoryMarshal.Cast<byte, float>(outputs[0].Data.Span).ToArray());
    }

    [Fact]
    public async Task Keras_flatten_and_dense_on_a_sequence_keep_their_shapes()
    {
        // Shape → StridedSlice → Pack → Reshape, as Keras writes Flatten, with an open batch.
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1, 2, 3])));
        graph.Node("shape", "Shape", ["x"]);
        graph.Constant("at0", [0], 1);
        graph.Constant("at1", [1], 1);
        graph.Node("batch", "StridedSlice", ["shape", "at0", "at1", "at1"], ("shrink_axis_mask", Attribute.Integer(1)));
        graph.Constant("width", [6]);
        graph.Node("target", "Pack", ["batch", "width"]);
        graph.Node("flat", "Reshape", ["x", "target"]);
        graph.Constant("weights", [1f, 1, 1, 1, 1, 1], 6, 1);
        graph.Node("y", "MatMul", ["flat", "weights"]);
        graph.Signature("serving_default", [("x", "x:0", TensorFlowType.Float, [-1, 2, 3])], [("y", "y:0", TensorFlowType.Float, [-1, 1])]);
        byte[] converted = graph.Convert();

        Assert.Equal(["Reshape", "MatMul", "Identity"], ConvertedModel.Operators(converted));
        using ILoadedModel model = await Engine.LoadAsync(converted);
        Assert.Equal(21f, MemoryMarshal.Cast<byte, float>(Engine.Run(model, [Engine.Of("x", [1f, 2, 3, 4, 5, 6], 1, 2, 3)])[0].Data.Span)[0]);
    }

    // Convolution, normalisation, activation, a second branch, their sum, pooling, padding, a convolution, the mean of each channel, a dense layer.
    private static GraphWriter Network()
    {
        const TensorFlowType Float = TensorFlowType.Float;
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([-1, 8, 8, 3])));
        graph.Constant("w1", new float[3 * 3 * 3 * 4], 3, 3, 3, 4);
        graph.Constant("w2", new float[4 * 4], 1, 1, 4, 4);
        graph.Constant("w3", new float[3 * 3 * 4 * 5], 3, 3, 4, 5);
        graph.Constant("ones", [1f, 1, 1, 1], 4);
        graph.Constant("pads", [0, 0, 1, 1, 1, 1, 0, 0], 4, 2);
        graph.Constant("spatial", [1, 2], 2);
        graph.Constant("dense", new float[5 * 2], 5, 2);
        (string, Action<Formats.Protobuf.ProtoWriter>)[] plain = [("strides", Attribute.Integers(1, 1, 1, 1)), ("padding", Attribute.Text("SAME"))];
        graph.Node("c1", "Conv2D", ["x", "w1"], plain);
        graph.Node("b1", "FusedBatchNormV3", ["c1", "ones", "ones", "ones", "ones"], ("is_training", Attribute.Flag(false)));
        graph.Node("r1", "Relu", ["b1"]);
        graph.Node("c2", "Conv2D", ["r1", "w2"], plain);
        graph.Node("bias", "BiasAdd", ["c2", "ones"]);
        graph.Node("sum", "AddV2", ["bias", "r1"]);
        graph.Node("pool", "MaxPool", ["sum"], ("ksize", Attribute.Integers(1, 2, 2, 1)), ("strides", Attribute.Integers(1, 2, 2, 1)), ("padding", Attribute.Text("VALID")));
        graph.Node("border", "Pad", ["pool", "pads"]);
        graph.Node("c3", "Conv2D", ["border", "w3"], ("strides", Attribute.Integers(1, 2, 2, 1)), ("padding", Attribute.Text("VALID")));
        graph.Node("mean", "Mean", ["c3", "spatial"]);
        graph.Node("y", "MatMul", ["mean", "dense"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1, 8, 8, 3])], [("y", "y:0", Float, [-1, 2])]);
        return graph;
    }
}
