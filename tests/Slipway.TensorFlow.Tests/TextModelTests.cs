using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;
using Slipway.TestKit.Fakes;
using Attribute = Slipway.TensorFlow.Tests.GraphWriter.Attribute;

namespace Slipway.TensorFlow.Tests;

/// <summary>Text from the request to numbers, as preprocessing layers are saved.</summary>
public sealed class TextModelTests
{
    private const TensorFlowType Text = TensorFlowType.String;

    [Theory]
    [InlineData(new[] { "A, B  C!", "", "E." }, new[] { 1L, 0, 1, -1, -1, -1, -1, -1, 2, -1, -1, -1 })]
    [InlineData(new[] { "A B C D E A" }, new[] { 1L, 0, 1, 1 })]
    [InlineData(new[] { "", "" }, new[] { -1L, -1, -1, -1, -1, -1, -1, -1 })]
    public async Task Text_is_cleaned_cut_hashed_and_filled_up(string[] texts, long[] expected)
    {
        GraphWriter graph = Start();
        graph.Node("clean", "StaticRegexReplace", ["x"], ("pattern", Attribute.Text("[[:punct:]]")), ("rewrite", Attribute.Text("")));
        graph.Text("space", [""]);
        graph.Node("parts", "StringSplitV2", ["clean", "space"]);
        graph.Node("hash", "StringToHashBucketFast", ["parts:1"], ("num_buckets", Attribute.Integer(3)));
        graph.Constant("zero", [0, 0], 2);
        graph.Constant("first", [0, 1], 2);
        graph.Constant("one", [1, 1], 2);
        graph.Node("owners", "StridedSlice", ["parts", "zero", "first", "one"], ("begin_mask", Attribute.Integer(1)), ("end_mask", Attribute.Integer(1)), ("shrink_axis_mask", Attribute.Integer(2)));
        graph.Constant("at", [0], 1);
        graph.Constant("behind", [1], 1);
        graph.Node("count", "StridedSlice", ["parts:2", "at", "behind", "behind"], ("shrink_axis_mask", Attribute.Integer(1)));
        graph.Constant("size", [-1L, 4L], 2);
        graph.Constant("absent", TensorFlowType.Int64, [], MemoryMarshal.AsBytes<long>([-1]).ToArray());
        graph.Node("y", "RaggedTensorToTensor", ["size", "hash", "absent", "count", "owners"], ("row_partition_types", Attribute.Texts("FIRST_DIM_SIZE", "VALUE_ROWIDS")));
        graph.Signature("serving_default", [("x", "x:0", Text, [-1])], [("y", "y:0", TensorFlowType.Int64, [-1, 4])]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        Tensor[] outputs = Engine.Run(model, [TestTensors.Strings("x", [texts.Length], texts)]);

        Assert.Equal(new TensorShape(texts.Length, 4), outputs[0].Shape);
        Assert.Equal(expected, MemoryMarshal.Cast<byte, long>(outputs[0].Data.Span).ToArray());
    }

    [Theory]
    [InlineData(@"\bword\b", "\\b")]
    [InlineData("(a", "not understood")]
    [InlineData(@"\p{Greek}", "Greek")]
    [InlineData("(?i:a)b", "options")]
    [InlineData("[a", "without end")]
    public void An_expression_that_can_not_be_written_anew_is_refused(string pattern, string word)
    {
        GraphWriter graph = Start();
        graph.Node("y", "StaticRegexReplace", ["x"], ("pattern", Attribute.Text(pattern)), ("rewrite", Attribute.Text("")));
        graph.Signature("serving_default", [("x", "x:0", Text, [-1])], [("y", "y:0", Text, [-1])]);
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => graph.Convert());
        Assert.Equal(ErrorCode.NotSupported, refusal.Code);
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_text_is_no_text_is_told_so()
    {
        GraphWriter graph = Start();
        graph.Node("y", "StringLower", ["x"], ("encoding", Attribute.Text("utf-8")));
        graph.Signature("serving_default", [("x", "x:0", Text, [-1])], [("y", "y:0", Text, [-1])]);
        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        byte[] packed = [2, 0, 0, 0, 0xff, 0xfe];
        SlipwayException fault = Assert.Throws<SlipwayException>(() => Engine.Run(model, [new Tensor("x", TensorDataType.String, new TensorShape(1), packed)]));
        Assert.Contains("UTF-8", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_where_text_is_expected_are_refused()
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(TensorFlowType.Float)), ("shape", Attribute.Shape([-1])));
        graph.Node("y", "StringLower", ["x"]);
        graph.Signature("serving_default", [("x", "x:0", TensorFlowType.Float, [-1])], [("y", "y:0", Text, [-1])]);
        Assert.Equal(ErrorCode.InvalidModel, Assert.Throws<SlipwayException>(() => graph.Convert()).Code);
    }

    private static GraphWriter Start()
    {
        GraphWriter graph = new();
        graph.Node("x", "Placeholder", [], ("dtype", Attribute.Type(Text)), ("shape", Attribute.Shape([-1])));
        return graph;
    }
}
