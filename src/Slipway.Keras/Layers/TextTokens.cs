using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.Formats.Onnx.Text;
using Slipway.Keras.Conversion;

namespace Slipway.Keras.Layers;

/// <summary>Steps between text and numbers that ONNX has no operators for: Slipway's own.</summary>
internal static class TextTokens
{
    // What Keras strips: ASCII's punctuation.
    private const string Punctuation = "[!\"#$%&()\\*\\+,-\\./:;<=>?@\\[\\\\\\]^_`{|}~\\']";

    /// <summary>A number below <paramref name="buckets"/> for each text; with a salt by a keyed hash.</summary>
    public static Edge Hash(GraphBuilder graph, Edge text, long buckets, long[]? salt)
    {
        NodeAttribute[] method = salt is null
            ? [NodeAttribute.Of("method", "farm")]
            : [NodeAttribute.Of("method", "sip"), NodeAttribute.Of("key0", salt[0]), NodeAttribute.Of("key1", salt[^1])];
        return Node(graph, "TextHash", text, OnnxDataType.Int64, [NodeAttribute.Of("buckets", buckets), .. method]);
    }

    /// <summary>All 64 bits of the hash of each text.</summary>
    public static Edge Fingerprint(GraphBuilder graph, Edge text) => Node(graph, "TextHash", text, OnnxDataType.Int64, NodeAttribute.Of("method", "farm"));

    /// <summary>Runs of neighbouring words: positions <c>[G, 2]</c>, runs <c>[G]</c>, and the size <c>[2]</c> of the rectangle that holds them.</summary>
    /// <param name="positions">Positions of the words, row by row.</param>
    /// <param name="size">The size of the rectangle that holds the words.</param>
    /// <param name="widths">Numbers of words in a run.</param>
    public static (Edge Positions, Edge Parts, Edge Size) Grams(GraphBuilder graph, Edge positions, Edge words, Edge size, long[] widths)
    {
        Edge rows = graph.Slice(positions, 1, 0, 1);
        Edge none = graph.ExpandTo(graph.Constant([0L]), [graph.Slice(size, 0, 0, 1)], new TensorShape(-1));
        Edge one = graph.Node("ScatterND", [none, rows, graph.ExpandTo(graph.Constant([1L]), [graph.SizesOf(words)], words.Shape)], OnnxDataType.Int64, new TensorShape(-1), NodeAttribute.Of("reduction", "add"));
        Edge ends = graph.Node("CumSum", [one, graph.Scalar(0, OnnxDataType.Int64)], OnnxDataType.Int64, new TensorShape(-1));
        Edge[] found = graph.Nodes(
            "TextGrams",
            OwnOperators.Domain,
            [graph.Concat([graph.Constant([0L]), ends], 0), words],
            [(OnnxDataType.String, new TensorShape(-1)), (OnnxDataType.Int64, new TensorShape(-1)), (OnnxDataType.Int64, new TensorShape(-1, 2)), (OnnxDataType.Int64, new TensorShape(2))],
            NodeAttribute.Of("widths", string.Join(',', widths)),
            NodeAttribute.Of("separator", " "));
        return (found[2], found[0], found[3]);
    }

    /// <summary>ASCII's letters as small ones; all others stay as they are, as in Keras.</summary>
    public static Edge Lower(GraphBuilder graph, Edge text) => Node(graph, "TextCase", text, OnnxDataType.String, NodeAttribute.Of("to", "lower"), NodeAttribute.Of("unicode", 0));

    /// <summary>Without punctuation.</summary>
    public static Edge WithoutPunctuation(GraphBuilder graph, Edge text) => Node(
        graph, "TextReplace", text, OnnxDataType.String, NodeAttribute.Of("pattern", TextExpression.Translate(Punctuation)), NodeAttribute.Of("replacement", ""), NodeAttribute.Of("global", 1));

    /// <summary>The parts of texts <c>[N]</c>: positions <c>[M, 2]</c>, parts <c>[M]</c>, and the size <c>[2]</c> of the rectangle that holds them.</summary>
    /// <param name="mode">As the operator calls it: fields (words) or characters.</param>
    public static (Edge Positions, Edge Parts, Edge Size) Split(GraphBuilder graph, Edge text, string mode)
    {
        Edge[] found = graph.Nodes(
            "TextSplit",
            OwnOperators.Domain,
            [text],
            [(OnnxDataType.Int64, new TensorShape(-1, 2)), (OnnxDataType.String, new TensorShape(-1)), (OnnxDataType.Int64, new TensorShape(2))],
            NodeAttribute.Of("mode", mode));
        return (found[0], found[1], found[2]);
    }

    private static Edge Node(GraphBuilder graph, string operation, Edge text, OnnxDataType type, params NodeAttribute[] attributes) =>
        graph.Nodes(operation, OwnOperators.Domain, [text], [(type, text.Shape)], attributes)[0];
}
