using System.Text;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit.Fakes;
using static Slipway.TensorFlow.Tests.GraphWriter;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Variables and lookup tables find their content as TensorFlow's own loader does it: by running what the model runs when it is loaded.</summary>
public sealed class ResourceTests
{
    private const TensorFlowType Float = TensorFlowType.Float;
    private const TensorFlowType Text = TensorFlowType.String;

    [Fact]
    public async Task Restore_function_says_which_tensor_belongs_to_which_variable()
    {
        // Both variables are called "w" in the graph; only the order of the restore function's arguments tells them apart.
        GraphWriter graph = new();
        Placeholder(graph, "x", Float, [-1, 2]);
        graph.Node("handle_a", "VarHandleOp", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([2])), ("shared_name", Attribute.Text("w_1")));
        graph.Node("handle_b", "VarHandleOp", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([2])), ("shared_name", Attribute.Text("w")));
        graph.Node("prefix", "Placeholder", [], ("dtype", Attribute.Type(Text)));
        graph.Function(
            "__inference__traced_restore_7", ["file", "first", "second"], [("done", "file")],
            TextBytes("names", ["k/.ATTRIBUTES/VARIABLE_VALUE", "l/.ATTRIBUTES/VARIABLE_VALUE"]), TextBytes("slices", ["", ""]),
            NodeBytes("restore", "RestoreV2", ["file", "names:output:0", "slices:output:0"]),
            NodeBytes("one", "Identity", ["restore:tensors:0"]), NodeBytes("two", "Identity", ["restore:tensors:1"]),
            NodeBytes("assign_one", "AssignVariableOp", ["first", "one:output:0"]), NodeBytes("assign_two", "AssignVariableOp", ["second", "two:output:0"]));
        graph.Node("restore", "StatefulPartitionedCall", ["prefix", "handle_a", "handle_b"], ("f", Attribute.Function("__inference__traced_restore_7")));
        graph.Meta(meta => meta.Message(3, saver => saver.Text(3, "restore")));
        graph.Function(
            "serve", ["x", "a", "b"], [("y", "sum:z:0")], NodeBytes("read_a", "ReadVariableOp", ["a"]), NodeBytes("read_b", "ReadVariableOp", ["b"]),
            NodeBytes("scaled", "Mul", ["x", "read_a:value:0"]), NodeBytes("sum", "AddV2", ["scaled:z:0", "read_b:value:0"]));
        graph.Node("call", "StatefulPartitionedCall", ["x", "handle_a", "handle_b"], ("f", Attribute.Function("serve")));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1, 2])], [("y", "call:0", Float, [-1, 2])]);
        BundleWriter bundle = new BundleWriter().Add("k/.ATTRIBUTES/VARIABLE_VALUE", [10f, 100f], 2).Add("l/.ATTRIBUTES/VARIABLE_VALUE", [1f, 2f], 2);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert(null, bundle.Files()));

        Assert.Equal(new float[] { 11, 102 }, Floats(Engine.Run(model, [Engine.Of("x", [1f, 1f], 1, 2)])[0]));
    }

    [Fact]
    public async Task Embedding_looks_up_rows_of_its_variable()
    {
        GraphWriter graph = new();
        Placeholder(graph, "ids", TensorFlowType.Int32, [-1]);
        graph.Node("table", "VarHandleOp", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([3, 2])), ("shared_name", Attribute.Text("embedding")));
        graph.Node("rows", "ResourceGather", ["table", "ids"]);
        graph.Signature("serving_default", [("ids", "ids:0", TensorFlowType.Int32, [-1])], [("rows", "rows:0", Float, [-1, 2])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert(null, new BundleWriter().Add("embedding", [0f, 1f, 10f, 11f, 20f, 21f], 3, 2).Files()));

        Assert.Equal(new float[] { 20, 21, 0, 1 }, Floats(Engine.Run(model, [Engine.Of("ids", [2, 0], 2)])[0]));
    }

    [Fact]
    public void Variable_without_a_value_is_refused_by_name()
    {
        GraphWriter graph = new();
        Placeholder(graph, "x", Float, [-1]);
        graph.Node("v", "VarHandleOp", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([1])), ("shared_name", Attribute.Text("lost")));
        graph.Node("read", "ReadVariableOp", ["v"]);
        graph.Node("y", "Mul", ["x", "read"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "y:0", Float, [-1])]);

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => graph.Convert());

        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        Assert.Contains("'lost'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_that_changes_a_variable_is_refused()
    {
        GraphWriter graph = new();
        Placeholder(graph, "x", Float, []);
        graph.Node("v", "VarHandleOp", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([])), ("shared_name", Attribute.Text("count")));
        graph.Node("add", "AssignAddVariableOp", ["v", "x"]);
        graph.Node("read", "ReadVariableOp", ["v", "^add"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [])], [("y", "read:0", Float, [])]);

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => graph.Convert(null, new BundleWriter().Add("count", [1f]).Files()));

        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("AssignAddVariableOp (node 'add')", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vocabulary_file_fills_a_table_when_the_initialiser_says_so()
    {
        GraphWriter graph = new();
        Placeholder(graph, "words", Text, [-1]);
        graph.Text("asset", ["/home/somebody/elsewhere/vocab.txt"]);
        graph.Node("table", "HashTableV2", [], ("key_dtype", Attribute.Type(Text)), ("value_dtype", Attribute.Type(TensorFlowType.Int64)), ("shared_name", Attribute.Text("t")));
        graph.Function(
            "initialise", ["name", "handle"], [("done", "name")],
            NodeBytes("fill", "InitializeTableFromTextFileV2", ["handle", "name"], ("key_index", Attribute.Integer(-2)), ("value_index", Attribute.Integer(-1))));
        graph.Node("start", "StatefulPartitionedCall", ["asset", "table"], ("f", Attribute.Function("initialise")));
        graph.Node("init", "NoOp", ["^start"]);
        graph.Signature("__saved_model_init_op", [], [("__saved_model_init_op", "init", TensorFlowType.Invalid, null)]);
        graph.Meta(meta => meta.Message(6, asset =>
        {
            asset.Message(1, tensor => tensor.Text(1, "asset:0"));
            asset.Text(2, "vocab.txt");
        }));
        graph.Constant("absent", [-1L]);
        graph.Node("found", "LookupTableFindV2", ["table", "words", "absent"]);
        graph.Signature("serving_default", [("words", "words:0", Text, [-1])], [("ids", "found:0", TensorFlowType.Int64, [-1])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert(null, ("assets/vocab.txt", Encoding.UTF8.GetBytes("apple\nBirne\nčešnja\n"))));

        Assert.Equal(new long[] { 2, -1, 0 }, Longs(Engine.Run(model, [TestTensors.Strings("words", [3], "češnja", "plum", "apple")])[0]));
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => graph.Convert()).Code);
    }

    [Fact]
    public async Task Table_of_constants_turns_numbers_into_text()
    {
        GraphWriter graph = new();
        Placeholder(graph, "ids", TensorFlowType.Int64, [-1]);
        graph.Node("table", "HashTableV2", [], ("key_dtype", Attribute.Type(TensorFlowType.Int64)), ("value_dtype", Attribute.Type(Text)));
        graph.Constant("keys", [7L, 9L], 2);
        graph.Text("names", ["seven", "nine"], 2);
        graph.Text("absent", ["?"]);
        graph.Node("fill", "LookupTableImportV2", ["table", "keys", "names"]);
        graph.Node("init", "NoOp", ["^fill"]);
        graph.Meta(meta => meta.Message(4, collection =>
        {
            collection.Text(1, "saved_model_main_op");
            collection.Message(2, list => list.Message(1, names => names.Text(1, "init")));
        }));
        graph.Node("found", "LookupTableFindV2", ["table", "ids", "absent"]);
        graph.Signature("serving_default", [("ids", "ids:0", TensorFlowType.Int64, [-1])], [("names", "found:0", Text, [-1])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Assert.Equal(["nine", "?"], Engine.Run(model, [Engine.Of("ids", [9L, 8L], 2)])[0].Texts());
    }

    [Fact]
    public async Task Dense_features_of_examples_become_inputs_and_only_those_that_are_needed()
    {
        GraphWriter graph = new();
        Placeholder(graph, "examples", Text, [-1]);
        graph.Text("names", [], 0);
        graph.Text("sparse", [], 0);
        graph.Text("dense", ["a", "b"], 2);
        graph.Text("ragged", [], 0);
        graph.Constant("default_a", [0f], 1);
        graph.Constant("default_b", [0f], 1);
        graph.Node(
            "parse", "ParseExampleV2", ["examples", "names", "sparse", "dense", "ragged", "default_a", "default_b"],
            ("Tdense", Attribute.Types(Float, Float)), ("dense_shapes", Attribute.Shapes([2], [1])), ("num_sparse", Attribute.Integer(0)));
        graph.Node("y", "Neg", ["parse:0"]);
        graph.Signature("serving_default", [("examples", "examples:0", Text, [-1])], [("y", "y:0", Float, [-1, 2])], "tensorflow/serving/regress");

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());

        Assert.Equal("a", Assert.Single(model.Signature.Inputs).Name);
        Assert.Equal(new float[] { -1, -2 }, Floats(Engine.Run(model, [Engine.Of("a", [1f, 2f], 1, 2)])[0]));
    }

    private static void Placeholder(GraphWriter graph, string name, TensorFlowType type, long[] shape) =>
        graph.Node(name, "Placeholder", [], ("dtype", Attribute.Type(type)), ("shape", Attribute.Shape(shape)));

    private static byte[] TextBytes(string name, string[] values) => NodeBytes(name, "Const", [], ("dtype", Attribute.Type(Text)), ("value", Attribute.Strings([values.Length], values)));

    private static float[] Floats(Tensor tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();

    private static long[] Longs(Tensor tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray();
}
