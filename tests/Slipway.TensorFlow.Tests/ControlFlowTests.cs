using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using static Slipway.TensorFlow.Tests.GraphWriter;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Functions, branches and loops, as TensorFlow 2 writes them; the expected figures are computed in the tests.</summary>
public sealed class ControlFlowTests
{
    private const TensorFlowType Float = TensorFlowType.Float;

    [Theory]
    [InlineData(true, new float[] { 2, 3 })]
    [InlineData(false, new float[] { 10, 20 })]
    public async Task Branch_that_is_chosen_at_run_time_is_taken(bool condition, float[] expected)
    {
        GraphWriter graph = Branches("chosen");
        Input(graph, "chosen", TensorFlowType.Bool, []);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("chosen", "chosen:0", TensorFlowType.Bool, [])], [("y", "if:0", Float, [-1])]);

        Assert.Equal(expected, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2), new Tensor("chosen", TensorDataType.Bool, TensorShape.Scalar, new[] { (byte)(condition ? 1 : 0) })));
    }

    [Fact]
    public async Task Branch_that_is_known_leaves_no_if_behind()
    {
        GraphWriter graph = Branches("known");
        graph.Constant("known", TensorFlowType.Bool, [], [0]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "if:0", Float, [-1])]);

        Assert.DoesNotContain("If", Operators.ConvertedModel.Operators(graph.Convert()));
        Assert.Equal(new float[] { 10, 20 }, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2)));
    }

    [Fact]
    public async Task Old_switch_and_merge_with_a_known_condition_disappear()
    {
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1]);
        graph.Constant("training", TensorFlowType.Bool, [], [0]);
        graph.Node("switch", "Switch", ["x", "training"]);
        graph.Node("dropout", "NoSuchDropout", ["switch:1"]);
        graph.Node("plain", "Identity", ["switch"]);
        graph.Node("merge", "Merge", ["plain", "dropout"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "merge:0", Float, [-1])]);

        Assert.Equal(new float[] { 1, 2 }, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2)));
    }

    [Theory]
    [InlineData(3, new float[] { 8, 16 })]
    [InlineData(0, new float[] { 1, 2 })]
    public async Task Loop_as_TensorFlow_1_wrote_it_runs_as_often_as_its_condition_says(int rounds, float[] expected)
    {
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1]);
        Input(graph, "n", TensorFlowType.Int32, []);
        graph.Constant("zero", [0]);
        OldLoop(graph, "loop", [("zero", "next_i"), ("x", "twice")], [("n", "limit")], "less");
        graph.Node("less", "Less", ["loop/merge0", "limit"]);
        graph.Node("one", "Const", ["^loop/body0"], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("value", Attribute.Tensor(TensorFlowType.Int32, [], BitConverter.GetBytes(1))));
        graph.Node("next_i", "Add", ["loop/body0", "one"]);
        graph.Node("twice", "Add", ["loop/body1", "loop/body1"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("n", "n:0", TensorFlowType.Int32, [])], [("y", "loop/exit1:0", Float, [-1])]);

        Assert.Equal(expected, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2), Engine.Of("n", [rounds])));
    }

    [Fact]
    public async Task Loop_within_a_loop_as_TensorFlow_1_wrote_them_runs()
    {
        // Each outer round adds x three times.
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1]);
        graph.Constant("zero", [0]);
        graph.Constant("two", [2]);
        graph.Constant("start", [0f]);
        OldLoop(graph, "outer", [("zero", "outer_next"), ("start", "inner/exit1")], [("two", "outer_limit"), ("x", "outer_x"), ("zero", "outer_zero")], "outer_less");
        graph.Node("outer_less", "Less", ["outer/merge0", "outer_limit"]);
        graph.Constant("one", [1]);
        graph.Constant("three", [3]);
        graph.Node("outer_next", "AddV2", ["outer/body0", "one"]);
        OldLoop(graph, "inner", [("outer_zero", "inner_next"), ("outer/body1", "inner_sum")], [("outer_x", "inner_x")], "inner_less");
        graph.Node("inner_less", "Less", ["inner/merge0", "three"]);
        graph.Node("inner_next", "AddV2", ["inner/body0", "one"]);
        graph.Node("inner_sum", "AddV2", ["inner/body1", "inner_x"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "outer/exit1:0", Float, null)]);

        Assert.Equal(new float[] { 6, 12 }, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2)));
    }

    [Fact]
    public async Task Array_of_TensorFlow_1_is_read_and_written_step_by_step()
    {
        // Running sums over the rows of x, as dynamic_rnn goes over the steps of a sequence.
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1, 2]);
        graph.Constant("zero", [0]);
        graph.Constant("step", [1]);
        graph.Constant("at0", [0], 1);
        graph.Constant("at1", [1], 1);
        graph.Node("shape", "Shape", ["x"]);
        graph.Node("count", "StridedSlice", ["shape", "at0", "at1", "at1"], ("shrink_axis_mask", Attribute.Integer(1)));
        graph.Node("read", "TensorArrayV3", ["count"], ("dtype", Attribute.Type(Float)));
        graph.Node("written", "TensorArrayV3", ["count"], ("dtype", Attribute.Type(Float)));
        graph.Node("all", "Range", ["zero", "count", "step"]);
        graph.Node("filled", "TensorArrayScatterV3", ["read", "all", "x", "read:1"]);
        graph.Constant("start", [0f, 0f], 2);
        OldLoop(graph, "loop", [("zero", "next"), ("written:1", "write"), ("start", "sum")], [("count", "limit"), ("read", "read_handle"), ("filled", "read_flow"), ("written", "write_handle")], "less");
        graph.Node("less", "Less", ["loop/merge0", "limit"]);
        graph.Constant("one", [1]);
        graph.Node("next", "Add", ["loop/body0", "one"]);
        graph.Node("item", "TensorArrayReadV3", ["read_handle", "loop/body0", "read_flow"], ("dtype", Attribute.Type(Float)));
        graph.Node("sum", "Add", ["loop/body2", "item"]);
        graph.Node("write", "TensorArrayWriteV3", ["write_handle", "loop/body0", "sum", "loop/body1"]);
        graph.Node("length", "TensorArraySizeV3", ["written", "loop/exit1"]);
        graph.Node("places", "Range", ["zero", "length", "step"]);
        graph.Node("stacked", "TensorArrayGatherV3", ["written", "places", "loop/exit1"], ("dtype", Attribute.Type(Float)), ("element_shape", Attribute.Shape([2])));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1, 2])], [("y", "stacked:0", Float, [-1, 2])]);

        Assert.Equal(new float[] { 1, 2, 4, 6, 9, 12 }, await RunAsync(graph, Engine.Of("x", [1f, 2f, 3f, 4f, 5f, 6f], 3, 2)));
    }

    [Fact]
    public async Task Loop_runs_as_often_as_its_condition_says()
    {
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1]);
        Input(graph, "n", TensorFlowType.Int32, []);
        graph.Constant("zero", [0]);
        graph.Function("cond", ["i", "limit", "v"], [("go", "less:z:0")], NodeBytes("less", "Less", ["i", "limit"]));
        graph.Function(
            "body", ["i", "limit", "v"], [("i_out", "next:z:0"), ("limit_out", "same:output:0"), ("v_out", "twice:z:0")],
            ConstantBytes("one", 1), NodeBytes("next", "AddV2", ["i", "one:output:0"]), NodeBytes("same", "Identity", ["limit"]), NodeBytes("twice", "AddV2", ["v", "v"]));
        graph.Node("loop", "StatelessWhile", ["zero", "n", "x"], ("cond", Attribute.Function("cond")), ("body", Attribute.Function("body")));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("n", "n:0", TensorFlowType.Int32, [])], [("y", "loop:2", Float, [-1])]);

        Assert.Equal(new float[] { 8, 16 }, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2), Engine.Of("n", [3])));
        Assert.Equal(new float[] { 1, 2 }, await RunAsync(graph, Engine.Of("x", [1f, 2f], 2), Engine.Of("n", [0])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recurrent_layer_gives_what_its_formula_gives(bool everyStep)
    {
        // Keras' LSTM: gates i, f, c, o side by side; the loop has counter, limit, time, outputs, h, c, then what does not change.
        const int Features = 2, Units = 3, Batch = 2, Steps = 4;
        Random random = new(11);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        (float[] x, float[] kernel, float[] recurrent, float[] bias) = (Numbers(Batch * Steps * Features), Numbers(Features * 4 * Units), Numbers(Units * 4 * Units), Numbers(4 * Units));
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1, -1, Features]);
        graph.Constant("kernel", kernel, Features, 4 * Units);
        graph.Constant("recurrent", recurrent, Units, 4 * Units);
        graph.Constant("bias", bias, 4 * Units);
        Layer(graph, Units, everyStep);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1, -1, Features])], [("y", everyStep ? "sequence:0" : "last:0", Float, null)]);

        float[] actual = await RunAsync(graph, Engine.Of("x", x, Batch, Steps, Features));

        float[] expected = Lstm(x, kernel, recurrent, bias, Batch, Steps, Features, Units, everyStep);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // Single precision over four steps.
            Assert.Equal(expected[i], actual[i], 1e-5f);
        }
    }

    [Fact]
    public async Task Functions_are_entered_and_their_outputs_found_by_name()
    {
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1, 4]);
        graph.Function("inner", ["a"], [("second", "split:output:1"), ("first", "split:output:0")], ConstantBytes("axis", 1), NodeBytes("split", "Split", ["axis:output:0", "a"], ("num_split", Attribute.Integer(2))));
        graph.Function("outer", ["a"], [("r", "difference:z:0")], NodeBytes("call", "PartitionedCall", ["a"], ("f", Attribute.Function("inner"))), NodeBytes("difference", "Sub", ["call:output:0", "call:output:1"]));
        graph.Node("direct", "outer", ["x"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1, 4])], [("y", "direct:0", Float, [-1, 2])]);

        Assert.Equal(new float[] { 2, 2 }, await RunAsync(graph, Engine.Of("x", [1f, 2f, 3f, 4f], 1, 4)));
    }

    private static GraphWriter Branches(string condition)
    {
        GraphWriter graph = new();
        Input(graph, "x", Float, [-1]);
        graph.Function("then", ["a"], [("r", "sum:z:0")], ConstantBytes("one", 1f), NodeBytes("sum", "AddV2", ["a", "one:output:0"]));
        graph.Function("else", ["a"], [("r", "product:z:0")], ConstantBytes("ten", 10f), NodeBytes("product", "Mul", ["a", "ten:output:0"]));
        graph.Node("if", "StatelessIf", [condition, "x"], ("then_branch", Attribute.Function("then")), ("else_branch", Attribute.Function("else")));
        return graph;
    }

    private static void Layer(GraphWriter graph, int units, bool everyStep)
    {
        graph.Constant("order", [1, 0, 2], 3);
        graph.Node("turned", "Transpose", ["x", "order"]);
        graph.Node("shape", "Shape", ["turned"]);
        graph.Constant("at0", [0], 1);
        graph.Constant("at1", [1], 1);
        graph.Constant("at2", [2], 1);
        graph.Node("steps", "StridedSlice", ["shape", "at0", "at1", "at1"], ("shrink_axis_mask", Attribute.Integer(1)));
        graph.Node("batch", "StridedSlice", ["shape", "at1", "at2", "at1"], ("shrink_axis_mask", Attribute.Integer(1)));
        graph.Constant("units", [units]);
        graph.Node("state_shape", "Pack", ["batch", "units"]);
        graph.Constant("nothing", [0f]);
        graph.Node("state", "Fill", ["state_shape", "nothing"]);
        graph.Constant("zero", [0]);
        graph.Constant("one", [1]);
        graph.Constant("item_shape", [-1, units], 2);
        graph.Constant("any_shape", [-1, 2], 2);
        graph.Node("inputs", "TensorListFromTensor", ["turned", "any_shape"]);
        graph.Node("outputs", "TensorListReserve", ["item_shape", everyStep ? "steps" : "one"], ("element_dtype", Attribute.Type(Float)));
        string[] variables = ["counter", "limit", "time", "outputs", "h", "c", "steps", "inputs", "kernel", "recurrent", "bias"];
        graph.Function("cond", variables, [("go", "and:z:0")], NodeBytes("less", "Less", ["time", "steps"]), NodeBytes("within", "Less", ["counter", "limit"]), NodeBytes("and", "LogicalAnd", ["within:z:0", "less:z:0"]));
        graph.Function(
            "body",
            variables,
            [
                ("o0", "counter_next:z:0"), ("o1", "limit"), ("o2", "time_next:z:0"), ("o3", "written:output_handle:0"), ("o4", "h_next:z:0"), ("o5", "c_next:z:0"),
                ("o6", "steps"), ("o7", "inputs"), ("o8", "kernel"), ("o9", "recurrent"), ("o10", "bias"),
            ],
            ConstantBytes("one", 1), ConstantBytes("zero", 0), ConstantBytes("axis", 1),
            NodeBytes("counter_next", "AddV2", ["counter", "one:output:0"]),
            NodeBytes("time_next", "AddV2", ["time", "one:output:0"]),
            NodeBytes("shape", "Const", [], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("value", Attribute.Tensor(TensorFlowType.Int32, [2], MemoryMarshal.AsBytes<int>([-1, 2]).ToArray()))),
            NodeBytes("item", "TensorListGetItem", ["inputs", "time", "shape:output:0"], ("element_dtype", Attribute.Type(Float))),
            NodeBytes("from_x", "MatMul", ["item:item:0", "kernel"]),
            NodeBytes("from_h", "MatMul", ["h", "recurrent"]),
            NodeBytes("sum", "AddV2", ["from_x:product:0", "from_h:product:0"]),
            NodeBytes("gates", "BiasAdd", ["sum:z:0", "bias"]),
            NodeBytes("split", "Split", ["axis:output:0", "gates:output:0"], ("num_split", Attribute.Integer(4))),
            NodeBytes("i", "Sigmoid", ["split:output:0"]),
            NodeBytes("f", "Sigmoid", ["split:output:1"]),
            NodeBytes("g", "Tanh", ["split:output:2"]),
            NodeBytes("o", "Sigmoid", ["split:output:3"]),
            NodeBytes("keep", "Mul", ["f:y:0", "c"]),
            NodeBytes("add", "Mul", ["i:y:0", "g:y:0"]),
            NodeBytes("c_next", "AddV2", ["keep:z:0", "add:z:0"]),
            NodeBytes("squashed", "Tanh", ["c_next:z:0"]),
            NodeBytes("h_next", "Mul", ["o:y:0", "squashed:y:0"]),
            NodeBytes("written", "TensorListSetItem", ["outputs", everyStep ? "time" : "zero:output:0", "h_next:z:0"], ("element_dtype", Attribute.Type(Float))));
        graph.Node(
            "while", "While", ["zero", "steps", "zero", "outputs", "state", "state", "steps", "inputs", "kernel", "recurrent", "bias"],
            ("cond", Attribute.Function("cond")), ("body", Attribute.Function("body")));
        graph.Node("stack", "TensorListStack", ["while:3", "item_shape"], ("element_dtype", Attribute.Type(Float)));
        graph.Node("sequence", "Transpose", ["stack", "order"]);
        graph.Constant("minus1", [-1], 1);
        graph.Node("last", "StridedSlice", ["stack", "minus1", "at0", "at1"], ("shrink_axis_mask", Attribute.Integer(1)));
    }

    // A loop's frame: for each variable what it begins with and where its next value comes from, its value before the choice (merge), in the body and at the end (exit); constants under a name of their own.
    private static void OldLoop(GraphWriter graph, string name, (string Start, string Next)[] variables, (string Source, string Name)[] constants, string condition)
    {
        (string, Action<Formats.Protobuf.ProtoWriter>) frame = ("frame_name", Attribute.Text(name));
        graph.Node($"{name}/go", "LoopCond", [condition]);
        foreach ((string source, string constant) in constants)
        {
            graph.Node(constant, "Enter", [source], frame, ("is_constant", Attribute.Flag(true)));
        }

        for (int i = 0; i < variables.Length; i++)
        {
            graph.Node($"{name}/enter{i}", "Enter", [variables[i].Start], frame);
            graph.Node($"{name}/merge{i}", "Merge", [$"{name}/enter{i}", $"{name}/next{i}"]);
            graph.Node($"{name}/switch{i}", "Switch", [$"{name}/merge{i}", $"{name}/go"]);
            graph.Node($"{name}/body{i}", "Identity", [$"{name}/switch{i}:1"]);
            graph.Node($"{name}/exit{i}", "Exit", [$"{name}/switch{i}"]);
            graph.Node($"{name}/next{i}", "NextIteration", [variables[i].Next]);
        }
    }

    // h and c of each step by the definition of the layer, in doubles.
    private static float[] Lstm(float[] x, float[] kernel, float[] recurrent, float[] bias, int batch, int steps, int features, int units, bool everyStep)
    {
        static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
        List<float> result = [];
        for (int b = 0; b < batch; b++)
        {
            double[] h = new double[units];
            double[] c = new double[units];
            for (int t = 0; t < steps; t++)
            {
                double[] gates = [.. Enumerable.Range(0, 4 * units).Select(g =>
                    bias[g] + Enumerable.Range(0, features).Sum(f => x[(((b * steps) + t) * features) + f] * kernel[(f * 4 * units) + g]) + Enumerable.Range(0, units).Sum(u => h[u] * recurrent[(u * 4 * units) + g]))];
                for (int u = 0; u < units; u++)
                {
                    c[u] = (Sigmoid(gates[units + u]) * c[u]) + (Sigmoid(gates[u]) * Math.Tanh(gates[(2 * units) + u]));
                }

                h = [.. Enumerable.Range(0, units).Select(u => Sigmoid(gates[(3 * units) + u]) * Math.Tanh(c[u]))];
                if (everyStep || t == steps - 1)
                {
                    result.AddRange(h.Select(static value => (float)value));
                }
            }
        }

        return [.. result];
    }

    private static byte[] ConstantBytes(string name, int value) =>
        NodeBytes(name, "Const", [], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("value", Attribute.Tensor(TensorFlowType.Int32, [], BitConverter.GetBytes(value))));

    private static byte[] ConstantBytes(string name, float value) =>
        NodeBytes(name, "Const", [], ("dtype", Attribute.Type(Float)), ("value", Attribute.Tensor(Float, [], BitConverter.GetBytes(value))));

    private static void Input(GraphWriter graph, string name, TensorFlowType type, long[] shape) =>
        graph.Node(name, "Placeholder", [], ("dtype", Attribute.Type(type)), ("shape", Attribute.Shape(shape)));

    private static async Task<float[]> RunAsync(GraphWriter graph, params Tensor[] inputs)
    {
        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        return MemoryMarshal.Cast<byte, float>(Assert.Single(Engine.Run(model, inputs)).Data.Span).ToArray();
    }
}
