using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using static Slipway.TensorFlow.Tests.GraphWriter;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Branches as TensorFlow 1 wrote them (Switch, Merge), with conditions that are known, and with ones that are computed when the model runs.</summary>
public sealed class OldBranchTests
{
    private const TensorFlowType Float = TensorFlowType.Float;
    private const TensorFlowType Bool = TensorFlowType.Bool;

    [Theory]
    [InlineData(true, new float[] { 2, 4 })]
    [InlineData(false, new float[] { -1, -2 })]
    public async Task The_side_that_the_condition_says_is_taken(bool condition, float[] expected)
    {
        GraphWriter graph = new();
        Condition(graph);
        graph.Node("switch", "Switch", ["x", "c/pred_id"]);
        graph.Node("twice", "Add", ["switch:1", "switch:1"]);
        graph.Node("minus", "Neg", ["switch:0"]);
        graph.Node("merge", "Merge", ["minus", "twice"]);
        Assert.Equal(expected, (await RunAsync(graph, "merge:0", condition)).Floats);
    }

    [Theory]
    [InlineData(true, 5f, 1)]
    [InlineData(false, 7f, 0)]
    public async Task Sides_of_constants_are_told_by_what_they_wait_for(bool condition, float expected, int index)
    {
        GraphWriter graph = new();
        Condition(graph);
        Constants(graph);
        graph.Node("both", "Pack", ["five_or_seven", "five_or_seven"]);
        Assert.Equal(new[] { expected, expected }, (await RunAsync(graph, "both:0", condition)).Floats);
        Assert.Equal(new[] { index }, (await RunAsync(graph, "five_or_seven:1", condition)).Integers);
    }

    [Theory]
    [InlineData(1, 5f)]
    [InlineData(0, 7f)]
    public async Task A_known_condition_chooses_among_constants_as_well(byte condition, float expected)
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([-1])));
        graph.Constant("condition", Bool, [], [condition]);
        Pivot(graph);
        Constants(graph);
        graph.Node("y", "Mul", ["x", "five_or_seven"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "y:0", Float, [-1])]);
        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        Assert.Equal(new[] { expected }, Floats(Engine.Run(model, [Engine.Of("x", [1f], 1)])[0]));
        Assert.DoesNotContain("If", Operators.ConvertedModel.Operators(graph.Convert()));
    }

    // What is not taken is not computed: asking for more rows than there are would fail.
    [Theory]
    [InlineData(true, new float[] { 1 })]
    [InlineData(false, new float[] { 1, 2 })]
    public async Task The_other_side_is_not_computed(bool condition, float[] expected)
    {
        GraphWriter graph = new();
        Condition(graph);
        graph.Node("switch", "Switch", ["x", "c/pred_id"]);
        graph.Node("far", "Const", ["^c/switch_t"], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("value", Attribute.Tensor(TensorFlowType.Int32, [1], BitConverter.GetBytes(0))));
        graph.Node("beyond", "Const", ["^c/switch_f"], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("value", Attribute.Tensor(TensorFlowType.Int32, [2], [.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1)])));
        graph.Node("near", "Gather", ["switch:1", "far"]);
        graph.Node("all", "Gather", ["switch:0", "beyond"]);
        graph.Node("merge", "Merge", ["all", "near"]);
        Assert.Equal(expected, (await RunAsync(graph, "merge:0", condition, condition ? [1f] : [1f, 2f])).Floats);
    }

    [Theory]
    [InlineData(true, true, 11f)]
    [InlineData(true, false, 12f)]
    [InlineData(false, true, 3f)]
    [InlineData(false, false, 3f)]
    public async Task Branches_within_branches_and_several_results_are_put_together(bool outer, bool inner, float expected)
    {
        // outer ? (inner ? x + 10 : x + 11) : x + 2, with the outer results used twice.
        GraphWriter graph = new();
        Condition(graph);
        graph.Node("inner", "Placeholder", [], ("dtype", Attribute.Type(Bool)), ("shape", Attribute.Shape([])));
        graph.Node("x_outer", "Switch", ["x", "c/pred_id"]);
        graph.Node("inner_outer", "Switch", ["inner", "c/pred_id"]);
        graph.Node("n/pred_id", "Identity", ["inner_outer:1"]);
        graph.Node("x_inner", "Switch", ["x_outer:1", "n/pred_id"]);
        graph.Node("n/switch", "Switch", ["inner_outer:1", "inner_outer:1"]);
        graph.Node("n/switch_t", "Identity", ["n/switch:1"]);
        graph.Node("n/switch_f", "Identity", ["n/switch:0"]);
        Number(graph, "ten", 10, "^n/switch_t");
        Number(graph, "eleven", 11, "^n/switch_f");
        Number(graph, "two", 2, "^c/switch_f");
        graph.Node("a", "Add", ["x_inner:1", "ten"]);
        graph.Node("b", "Add", ["x_inner:0", "eleven"]);
        graph.Node("n/merge", "Merge", ["b", "a"]);
        graph.Node("other", "Add", ["x_outer:0", "two"]);
        graph.Node("c/merge", "Merge", ["other", "n/merge"]);
        graph.Node("minus_inner", "Neg", ["n/merge"]);
        graph.Node("minus_other", "Neg", ["other"]);
        graph.Node("c/merge_1", "Merge", ["minus_other", "minus_inner"]);
        graph.Node("y", "Sub", ["c/merge", "c/merge_1"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("condition", "condition:0", Bool, []), ("inner", "inner:0", Bool, [])], [("y", "y:0", Float, null)]);
        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        Tensor[] outputs = Engine.Run(model, [Engine.Of("x", [1f], 1), Truth("condition", outer), Truth("inner", inner)]);
        Assert.Equal(new[] { 2 * expected }, Floats(outputs[0]));
    }

    [Theory]
    [InlineData(0, 1f)]
    [InlineData(1, 10f)]
    [InlineData(2, 100f)]
    [InlineData(7, 100f)]
    [InlineData(-1, 100f)]
    public async Task A_branch_is_chosen_by_its_number(int number, float expected)
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([-1])));
        graph.Node("number", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("shape", Attribute.Shape([])));
        for (int i = 0; i < 3; i++)
        {
            graph.Function($"branch{i}", ["v"], [("out", "times:z:0")], NumberBytes("factor", (float)Math.Pow(10, i)), NodeBytes("times", "Mul", ["v", "factor:output:0"]));
        }

        graph.Node("case", "Case", ["number", "x"], ("branches", writer => writer.Message(1, list =>
        {
            for (int i = 0; i < 3; i++)
            {
                string name = $"branch{i}";
                list.Message(9, function => function.Text(1, name));
            }
        })));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("number", "number:0", TensorFlowType.Int32, [])], [("y", "case:0", Float, [-1])]);
        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        Assert.Equal(new[] { expected }, Floats(Engine.Run(model, [Engine.Of("x", [1f], 1), Engine.Of("number", [number])])[0]));
    }

    [Fact]
    public void A_merge_of_what_no_condition_tells_apart_is_refused_by_name()
    {
        GraphWriter graph = new();
        Condition(graph);
        graph.Node("switch", "Switch", ["x", "c/pred_id"]);
        graph.Node("merge", "Merge", ["switch:1", "x"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("condition", "condition:0", Bool, [])], [("y", "merge:0", Float, null)]);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => graph.Convert());
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("Merge (node 'merge')", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_taken_out_of_one_side_into_the_other_is_refused()
    {
        GraphWriter graph = new();
        Condition(graph);
        graph.Node("switch", "Switch", ["x", "c/pred_id"]);
        graph.Node("mixed", "Add", ["switch:1", "switch:0"]);
        graph.Node("merge", "Merge", ["mixed", "switch:1"]);
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("condition", "condition:0", Bool, [])], [("y", "mixed:0", Float, null), ("z", "merge:0", Float, null)]);
        Assert.NotEqual(ErrorCode.Internal, Assert.Throws<SlipwayException>(() => graph.Convert()).Code);
    }

    private static void Condition(GraphWriter graph)
    {
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([-1])));
        graph.Node("condition", "Placeholder", [], ("dtype", Attribute.Type(Bool)), ("shape", Attribute.Shape([])));
        Pivot(graph);
    }

    private static void Pivot(GraphWriter graph)
    {
        graph.Node("c/Switch", "Switch", ["condition", "condition"]);
        graph.Node("c/switch_t", "Identity", ["c/Switch:1"]);
        graph.Node("c/switch_f", "Identity", ["c/Switch"]);
        graph.Node("c/pred_id", "Identity", ["condition"]);
    }

    private static void Constants(GraphWriter graph)
    {
        Number(graph, "five", 5, "^c/switch_t");
        Number(graph, "seven", 7, "^c/switch_f");
        graph.Node("five_or_seven", "Merge", ["seven", "five"]);
    }

    private static void Number(GraphWriter graph, string name, float value, string after) =>
        graph.Node(name, "Const", [after], ("dtype", Attribute.Type(Float)), ("value", Attribute.Tensor(Float, [], BitConverter.GetBytes(value))));

    private static byte[] NumberBytes(string name, float value) => NodeBytes(name, "Const", [], ("dtype", Attribute.Type(Float)), ("value", Attribute.Tensor(Float, [], BitConverter.GetBytes(value))));

    private static async Task<(float[] Floats, int[] Integers)> RunAsync(GraphWriter graph, string output, bool condition, float[]? x = null)
    {
        x ??= [1f, 2f];
        graph.Signature("serving_default", [("x", "x:0", Float, [-1]), ("condition", "condition:0", Bool, [])], [("y", output, TensorFlowType.Invalid, null)]);
        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        Tensor[] given = [Engine.Of("x", x, x.Length), Truth("condition", condition)];
        Tensor y = Engine.Run(model, given.Where(tensor => model.Signature.Inputs.Any(input => input.Name == tensor.Name)))[0];
        return (MemoryMarshal.Cast<byte, float>(y.Data.Span).ToArray(), MemoryMarshal.Cast<byte, int>(y.Data.Span).ToArray());
    }

    private static Tensor Truth(string name, bool value) => new(name, TensorDataType.Bool, TensorShape.Scalar, new[] { (byte)(value ? 1 : 0) });

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Data.Span).ToArray();
}
