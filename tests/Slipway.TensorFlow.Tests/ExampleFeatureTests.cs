using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit.Fakes;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Features of tf.Example with rows of varying length, and what estimators make of them.</summary>
public sealed class ExampleFeatureTests
{
    private const TensorFlowType Float = TensorFlowType.Float;
    private const TensorFlowType Long = TensorFlowType.Int64;

    private static readonly float[] Table = [1, 2, 10, 20, 100, 200, 1000, 2000];

    // safe_embedding_lookup_sparse: ids below zero are dropped, rows without ids get zeros.
    [Theory]
    [InlineData("SparseSegmentSum", new float[] { 110, 220, 0, 0, 1000, 2000 })]
    [InlineData("SparseSegmentMean", new float[] { 55, 110, 0, 0, 1000, 2000 })]
    [InlineData("SparseSegmentSqrtN", new float[] { 77.781746f, 155.56349f, 0, 0, 1000, 2000 })]
    public async Task A_bag_of_ids_is_looked_up_in_an_embedding(string combiner, float[] expected)
    {
        GraphWriter graph = new();
        Sparse(graph, "ids", Long);
        graph.Constant("table", Table, 4, 2);
        graph.Constant("zero", [0L]);
        graph.Node("good", "GreaterEqual", ["parse:1", "zero"]);
        graph.Node("places", "Where", ["good"]);
        graph.Constant("flat", [-1], 1);
        graph.Node("kept", "Reshape", ["places", "flat"]);
        graph.Node("indices", "Gather", ["parse:0", "kept"]);
        graph.Node("values", "Gather", ["parse:1", "kept"]);
        graph.Node("filled", "SparseFillEmptyRows", ["indices", "values", "parse:2", "zero"]);
        graph.Constant("begin", [0, 0], 2);
        graph.Constant("end", [0, 1], 2);
        graph.Constant("step", [1, 1], 2);
        graph.Node("rows", "StridedSlice", ["filled:0", "begin", "end", "step"], ("begin_mask", Attribute.Integer(1)), ("end_mask", Attribute.Integer(1)), ("shrink_axis_mask", Attribute.Integer(2)));
        graph.Node("segments", "Cast", ["rows"], ("DstT", Attribute.Type(TensorFlowType.Int32)));
        graph.Node("unique", "Unique", ["filled:1"]);
        graph.Constant("axis", [0]);
        graph.Node("vectors", "GatherV2", ["table", "unique:0", "axis"]);
        graph.Node("bags", combiner, ["vectors", "unique:1", "segments"]);
        graph.Constant("column", [-1, 1], 2);
        graph.Node("mask", "Reshape", ["filled:2", "column"]);
        graph.Constant("twice", [1, 2], 2);
        graph.Node("masks", "Tile", ["mask", "twice"]);
        graph.Node("zeros", "ZerosLike", ["bags"]);
        graph.Node("y", "Select", ["masks", "zeros", "bags"]);
        graph.Signature("serving_default", [("examples", "examples:0", TensorFlowType.String, [-1])], [("y", "y:0", Float, [-1, 2])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Assert.Equal(["ids", "ids.length"], model.Signature.Inputs.Select(static input => input.Name).Order());
        Tensor y = Engine.Run(model, [Engine.Of("ids", [1L, 2L, 0L, -1L, 3L, 3L, 3L, 0L, 0L], 3, 3), Engine.Of("ids.length", [2L, 1L, 1L], 3)])[0];
        Assert.All(expected.Zip(Floats(y)), static pair => Assert.Equal(pair.First, pair.Second, 4));
        Assert.Equal(new long[] { 3, 2 }, y.Shape.Dimensions.ToArray());
    }

    [Fact]
    public async Task Text_of_varying_length_becomes_dense_where_the_graph_says_so()
    {
        GraphWriter graph = new();
        Sparse(graph, "words", TensorFlowType.String);
        graph.Text("absent", ["-"]);
        graph.Node("y", "SparseToDense", ["parse:0", "parse:2", "parse:1", "absent"]);
        graph.Signature("serving_default", [("examples", "examples:0", TensorFlowType.String, [-1])], [("y", "y:0", TensorFlowType.String, [-1, -1])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Tensor y = Engine.Run(model, [TestTensors.Strings("words", [2, 3], "a", "?", "?", "b", "c", "?"), Engine.Of("words.length", [1L, 2L], 2)])[0];
        Assert.Equal(new long[] { 2, 2 }, y.Shape.Dimensions.ToArray());
        Assert.Equal(["a", "-", "b", "c"], y.Texts());
        using JsonDocument form = JsonDocument.Parse(model.Signature.Metadata[ModelMetadataKeys.Examples]);
        Assert.Equal("words.length", form.RootElement.GetProperty("padded").GetProperty("words").GetProperty("length").GetString());
    }

    [Fact]
    public async Task A_sequence_of_any_length_is_an_input_that_is_filled_up()
    {
        GraphWriter graph = new();
        Parser(graph, [], ["steps"], [], [("Tdense", Attribute.Types(Float)), ("dense_shapes", Attribute.Shapes([-1, 2]))], ("padding", [9f]));
        graph.Constant("axes", [1], 1);
        graph.Node("y", "Sum", ["parse:0", "axes"]);
        graph.Signature("serving_default", [("examples", "examples:0", TensorFlowType.String, [-1])], [("y", "y:0", Float, [-1, 2])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Assert.Equal(new float[] { 4, 6 }, Floats(Engine.Run(model, [Engine.Of("steps", [1f, 2f, 3f, 4f], 1, 2, 2)])[0]));
        Assert.Equal("""{"input":"examples","defaults":{},"padded":{"steps":{"with":[9]}}}""", model.Signature.Metadata[ModelMetadataKeys.Examples]);
    }

    [Fact]
    public async Task Ragged_features_give_values_and_where_rows_begin()
    {
        GraphWriter graph = new();
        Parser(graph, [], [], ["r"], [("ragged_value_types", Attribute.Types(Long)), ("ragged_split_types", Attribute.Types(TensorFlowType.Int32))]);
        graph.Signature("serving_default", [("examples", "examples:0", TensorFlowType.String, [-1])], [("values", "parse:0", Long, [-1]), ("splits", "parse:1", TensorFlowType.Int32, [-1])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Tensor[] outputs = Engine.Run(model, [Engine.Of("r", [5L, 6L, 7L, 8L, 0L, 0L], 3, 2), Engine.Of("r.length", [2L, 1L, 0L], 3)]);
        Assert.Equal(new long[] { 5, 6, 7 }, MemoryMarshal.Cast<byte, long>(outputs.Single(static output => output.Name == "values").Data.Span).ToArray());
        Assert.Equal(new int[] { 0, 2, 3, 3 }, MemoryMarshal.Cast<byte, int>(outputs.Single(static output => output.Name == "splits").Data.Span).ToArray());
    }

    [Fact]
    public async Task An_output_that_is_called_like_a_feature_gets_another_name()
    {
        GraphWriter graph = new();
        Sparse(graph, "y", Long);
        graph.Node("minus", "Neg", ["parse:1"]);
        graph.Signature("serving_default", [("examples", "examples:0", TensorFlowType.String, [-1])], [("y", "minus:0", Long, [-1])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Assert.Equal("y_output", Assert.Single(model.Signature.Outputs).Name);
    }

    private static void Sparse(GraphWriter graph, string name, TensorFlowType type) =>
        Parser(graph, [name], [], [], [("num_sparse", Attribute.Integer(1)), ("sparse_types", Attribute.Types(type))]);

    private static void Parser(GraphWriter graph, string[] sparse, string[] dense, string[] ragged, (string, Action<Formats.Protobuf.ProtoWriter>)[] attributes, params (string Name, float[] Value)[] defaults)
    {
        graph.Node("examples", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.String)), ("shape", Attribute.Shape([-1])));
        graph.Text("names", [], 0);
        graph.Text("sparse", sparse, sparse.Length);
        graph.Text("dense", dense, dense.Length);
        graph.Text("ragged", ragged, ragged.Length);
        Array.ForEach(defaults, value => graph.Constant(value.Name, value.Value));
        graph.Node("parse", "ParseExampleV2", ["examples", "names", "sparse", "dense", "ragged", .. defaults.Select(static value => value.Name)], attributes);
    }

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
}
