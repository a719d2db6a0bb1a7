using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using static Slipway.TensorFlow.Tests.GraphWriter;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Damaged and hostile files give one clear error, never a crash, a hang or an allocation out of proportion.</summary>
public sealed class HostileModelTests
{
    private const TensorFlowType Float = TensorFlowType.Float;

    [Fact]
    public void Model_cut_off_anywhere_is_refused_or_still_whole()
    {
        byte[] model = Small().ToBytes();
        int refused = 0;
        for (int length = 0; length < model.Length; length++)
        {
            refused += Outcome(model[..length]) is null ? 0 : 1;
        }

        // Protobuf can't tell that optional fields at the very end are missing; the signature is the last one that is needed.
        Assert.Equal(model.Length, refused);
    }

    [Fact]
    public void Model_with_any_bit_flipped_is_converted_or_refused()
    {
        byte[] model = Small().ToBytes();
        int refused = 0;
        for (int bit = 0; bit < model.Length * 8; bit++)
        {
            byte[] damaged = [.. model];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += Outcome(damaged) is null ? 0 : 1;
        }

        Assert.True(refused > model.Length);
    }

    [Fact]
    public void All_that_is_not_supported_is_said_at_once()
    {
        GraphWriter graph = Start();
        graph.Node("a", "NoSuchOperator", ["x"]);
        graph.Node("b", "AnotherOne", ["x"]);
        graph.Node("sum", "AddV2", ["a", "b"]);
        graph.Node("hash", "StringToHashBucket", ["x"], ("num_buckets", Attribute.Integer(8)));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "sum:0", Float, null), ("h", "hash:0", TensorFlowType.Int64, null)]);

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => graph.Convert());

        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains("operator NoSuchOperator (node 'a')", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("operator AnotherOne (node 'b')", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("operator StringToHashBucket (node 'hash')", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Circle_is_refused()
    {
        GraphWriter graph = Start();
        graph.Node("a", "AddV2", ["x", "b"]);
        graph.Node("b", "Neg", ["a"]);
        Refuse(graph, "b:0", ErrorCode.InvalidModel, "circle");
    }

    [Fact]
    public void Old_loop_is_refused_by_what_it_is()
    {
        GraphWriter graph = Start();
        graph.Node("enter", "Enter", ["x"]);
        graph.Node("merge", "Merge", ["enter", "next"]);
        graph.Node("twice", "AddV2", ["merge", "merge"]);
        graph.Node("next", "NextIteration", ["twice"]);
        Refuse(graph, "twice:0", ErrorCode.NotSupported, "control flow v2");
    }

    [Theory]
    [InlineData("Enter")]
    [InlineData("Switch")]
    [InlineData("Exit")]
    [InlineData("NextIteration")]
    [InlineData("LoopCond")]
    public void Old_loop_that_lacks_an_input_is_refused(string lacking)
    {
        GraphWriter graph = Start();
        string[] Given(string operation, params string[] inputs) => operation == lacking ? [] : inputs;
        graph.Node("enter", "Enter", Given("Enter", "x"), ("frame_name", Attribute.Text("f")));
        graph.Node("merge", "Merge", ["enter", "next"]);
        graph.Node("less", "Less", ["merge", "merge"]);
        graph.Node("go", "LoopCond", Given("LoopCond", "less"));
        graph.Node("switch", "Switch", Given("Switch", "merge", "go"));
        graph.Node("twice", "AddV2", ["switch:1", "switch:1"]);
        graph.Node("next", "NextIteration", Given("NextIteration", "twice"));
        graph.Node("exit", "Exit", Given("Exit", "switch"));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", "exit:0", Float, null)]);
        Assert.True(Assert.Throws<SlipwayException>(() => graph.Convert()).Code is ErrorCode.InvalidModel or ErrorCode.NotSupported);
    }

    [Fact]
    public void Function_that_calls_itself_is_refused()
    {
        GraphWriter graph = Start();
        graph.Function("again", ["a"], [("r", "call:output:0")], NodeBytes("call", "PartitionedCall", ["a"], ("f", Attribute.Function("again"))));
        graph.Node("call", "PartitionedCall", ["x"], ("f", Attribute.Function("again")));
        Refuse(graph, "call:0", ErrorCode.InvalidModel, "deep");
    }

    [Fact]
    public void Functions_that_double_at_each_level_are_refused()
    {
        GraphWriter graph = Start();
        graph.Function("f0", ["a"], [("r", "n:y:0")], NodeBytes("n", "Neg", ["a"]));
        for (int i = 1; i < 50; i++)
        {
            (string, Action<Formats.Protobuf.ProtoWriter>) called = ("f", Attribute.Function($"f{i - 1}"));
            graph.Function($"f{i}", ["a"], [("r", "c2:output:0")], NodeBytes("c1", "PartitionedCall", ["a"], called), NodeBytes("c2", "PartitionedCall", ["c1:output:0"], called));
        }

        graph.Node("call", "PartitionedCall", ["x"], ("f", Attribute.Function("f49")));
        Refuse(graph, "call:0", ErrorCode.InvalidModel, "unfold");
    }

    [Fact]
    public void Chain_longer_than_the_stack_is_converted()
    {
        GraphWriter graph = Start();
        string last = "x";
        for (int i = 0; i < 50_000; i++)
        {
            last = graph.Node("n" + i, "Neg", [last]);
        }

        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", last + ":0", Float, [-1])]);

        Assert.NotEmpty(graph.Convert());
    }

    [Fact]
    public void Constant_that_claims_gigabytes_is_refused()
    {
        GraphWriter graph = Start();
        graph.Node("huge", "Const", [], ("dtype", Attribute.Type(Float)), ("value", writer => writer.Message(8, tensor =>
        {
            tensor.Int64(1, (long)Float);
            tensor.Message(2, shape => Attribute.WriteShape(shape, [1L << 33]));
            tensor.Float(5, 1);
        })));
        graph.Node("y", "AddV2", ["x", "huge"]);
        Refuse(graph, "y:0", ErrorCode.InvalidModel, "few values");
    }

    [Fact]
    public void Constant_shorter_than_its_shape_goes_on_with_its_last_value()
    {
        GraphWriter graph = Start();
        graph.Node("c", "Const", [], ("dtype", Attribute.Type(TensorFlowType.Int32)), ("value", writer => writer.Message(8, tensor =>
        {
            tensor.Int64(1, (long)TensorFlowType.Int32);
            tensor.Message(2, shape => Attribute.WriteShape(shape, [3]));
            tensor.Int64(7, 4);
            tensor.Int64(7, 9);
        })));
        TensorData data = TensorReader.Read(SavedModelReader.Read(graph.ToBytes())[0].Nodes[1].Attributes["value"].EncodedTensor!.Value);

        Assert.Equal([4L, 9, 9], data.ToIntegers()!);
    }

    [Theory]
    [InlineData("train", "{train}")]
    [InlineData("serve,tpu", null)]
    public void Graph_is_chosen_by_its_tags(string tags, string? named)
    {
        GraphWriter graph = Small();
        graph.Tags = tags.Split(',');

        SlipwayException? refusal = named is null ? null : Assert.Throws<SlipwayException>(() => graph.Convert());

        Assert.Contains(named ?? "", refusal?.Message ?? graph.Convert().Length.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_that_is_missing_is_named_with_those_that_there_are()
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Small().Convert("other"));

        Assert.Contains("'other'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'serving_default'", refusal.Message, StringComparison.Ordinal);
    }

    private static GraphWriter Start()
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([-1])));
        return graph;
    }

    private static GraphWriter Small()
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Float)), ("shape", Attribute.Shape([-1, 4, 4, 1])));
        graph.Constant("w", [1f, 2, 3, 4], 2, 2, 1, 1);
        graph.Constant("axes", [1, 2], 2);
        graph.Function("f", ["a", "b"], [("r", "conv:output:0")], NodeBytes("conv", "Conv2D", ["a", "b"], ("strides", Attribute.Integers(1, 1, 1, 1)), ("padding", Attribute.Text("SAME"))));
        graph.Node("call", "PartitionedCall", ["x", "w"], ("f", Attribute.Function("f")));
        graph.Node("y", "Mean", ["call", "axes"], ("keep_dims", Attribute.Flag(true)));
        graph.Signature("serving_default", [("x", "x:0", Float, [-1, 4, 4, 1])], [("y", "y:0", Float, null)]);
        return graph;
    }

    private static void Refuse(GraphWriter graph, string output, ErrorCode code, string said)
    {
        graph.Signature("serving_default", [("x", "x:0", Float, [-1])], [("y", output, Float, null)]);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => graph.Convert());
        Assert.Equal(code, refusal.Code);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    // Any other exception fails the test that asked.
    private static SlipwayException? Outcome(byte[] model)
    {
        try
        {
            GraphWriter.Convert(model.Length == 0 ? [0] : model);
            return null;
        }
        catch (SlipwayException refusal) when (refusal.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported)
        {
            return refusal;
        }
    }
}
