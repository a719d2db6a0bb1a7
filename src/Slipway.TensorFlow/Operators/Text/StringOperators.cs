using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Text;

/// <summary>Text: changed, cut, joined, hashed and written, by Slipway's own operators where ONNX has none.</summary>
internal static class StringOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("StringLower", static call => Case(call, "lower")),
        KnownOperator.Of("StringUpper", static call => Case(call, "upper")),
        KnownOperator.Of("StringStrip", static call => Same(call, "TextStrip")),
        KnownOperator.Of("StringLength", static call => call.Index(
            call.Draft.TextNode("TextLength", [call.Tensor(0)], OnnxDataType.Int64, call.Tensor(0).Shape, Unit(call)), TensorFlowType.Int32)),
        KnownOperator.Of("Substr", Substring),
        KnownOperator.Of("StringJoin", Join),
        KnownOperator.Of("ReduceJoin", ReduceJoin, "dimensions that are known at conversion"),
        new("StringSplit", static call => Split(
            call, NodeAttribute.Of("mode", call.Flag("skip_empty", true) ? "anyfull" : "any"), NodeAttribute.Of("separator", Text(call, 1, "delimiter")))),
        new("StringSplitV2", static call => Split(
            call, NodeAttribute.Of("mode", "fields"), NodeAttribute.Of("separator", Text(call, 1, "separator")), NodeAttribute.Of("most", call.Attribute("maxsplit", -1L)))),
        KnownOperator.Of("StringToHashBucketFast", static call => Hash(call, NodeAttribute.Of("method", "farm"))),
        KnownOperator.Of("StringToHashBucketStrong", static call => call.List("key") is [var first, var second]
            ? Hash(call, NodeAttribute.Of("method", "sip"), NodeAttribute.Of("key0", first), NodeAttribute.Of("key1", second))
            : throw new SlipwayException(ErrorCode.InvalidModel, "its key is not two integers")),
        KnownOperator.Of("AsString", AsString, "numbers and truth values; shortest only of integers"),
    ];

    /// <summary>A single string that must be known at conversion.</summary>
    public static string Text(OperatorCall call, int index, string what) => call.Constant(index, what).Strings is [{ } only]
        ? System.Text.Encoding.UTF8.GetString(only)
        : throw new SlipwayException(ErrorCode.InvalidModel, $"its {what} is not one string");

    private static Term Same(OperatorCall call, string operation, params NodeAttribute[] attributes) =>
        call.Draft.TextNode(operation, [call.Tensor(0)], OnnxDataType.String, call.Tensor(0).Shape, attributes);

    private static Term Case(OperatorCall call, string to) => call.Attribute("encoding", "") switch
    {
        "" => Same(call, "TextCase", NodeAttribute.Of("to", to), NodeAttribute.Of("unicode", 0)),
        "utf-8" => Same(call, "TextCase", NodeAttribute.Of("to", to), NodeAttribute.Of("unicode", 1)),
        var other => throw OperatorCall.NotSupported($"text in the encoding '{other}' is not converted"),
    };

    private static NodeAttribute Unit(OperatorCall call) => NodeAttribute.Of("unit", call.Attribute("unit", "BYTE") == "BYTE" ? "byte" : "character");

    private static Term Substring(OperatorCall call)
    {
        Term text = call.Tensor(0);
        Term[] cuts = [call.Draft.Long(call.Tensor(1)), call.Draft.Long(call.Tensor(2))];
        return Array.TrueForAll(cuts, cut => cut.Shape.ElementCount() == 1 || cut.Shape == text.Shape || (cut.Shape.HasRank && text.Shape.HasRank && cut.Shape.Rank == text.Shape.Rank))
            ? call.Draft.TextNode("TextSubstring", [text, .. cuts], OnnxDataType.String, text.Shape, Unit(call))
            : throw OperatorCall.NotSupported("positions that are repeated for several strings are not converted");
    }

    private static Term Join(OperatorCall call)
    {
        Term[] parts = call.Tensors();
        PartialShape shape = parts.Aggregate(PartialShape.Scalar, static (joined, part) => ShapeRules.Broadcast(joined, part.Shape));
        return call.Draft.TextNode("TextJoin", parts, OnnxDataType.String, shape, NodeAttribute.Of("separator", call.Attribute("separator", "")));
    }

    // The dimensions are put last in the order in which they are named, and are then one.
    private static Term ReduceJoin(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term text = call.Tensor(0);
        int rank = OperatorCall.Rank(text);
        long[] axes = [.. call.Integers(1, "list of dimensions").Select(axis => (long)ShapeRules.Axis(axis, rank))];
        if (axes.Length == 0)
        {
            return text;
        }

        long[] kept = [.. Enumerable.Range(0, rank).Select(static axis => (long)axis).Where(axis => !axes.Contains(axis))];
        Term turned = draft.Transpose(text, [.. kept, .. axes]);
        Term sizes = draft.Slice(draft.Shape(turned), [new SliceRange(0, 0, kept.Length, 1)]);
        Term rows = axes.Length == 1 ? turned : draft.Reshape(turned, draft.Concat([sizes, draft.Integers([-1])], 0));
        PartialShape shape = new([.. kept.Select(axis => text.Shape[(int)axis])]);
        Term joined = draft.TextNode("TextReduce", [rows], OnnxDataType.String, shape, NodeAttribute.Of("separator", call.Attribute("separator", "")));
        return call.Flag("keep_dims") ? axes.Order().Aggregate(joined, (term, axis) => draft.Unsqueeze(term, (int)axis)) : joined;
    }

    private static IReadOnlyList<Value> Split(OperatorCall call, params NodeAttribute[] attributes)
    {
        IReadOnlyList<Term> parts = call.Draft.TextNodes(
            "TextSplit", [call.Draft.Reshape(call.Tensor(0), -1)], [(OnnxDataType.Int64, new PartialShape(-1, 2)), (OnnxDataType.String, new PartialShape(-1)), (OnnxDataType.Int64, new PartialShape(2))], attributes);
        return [.. parts];
    }

    private static Term Hash(OperatorCall call, params NodeAttribute[] attributes)
    {
        long buckets = call.Attribute("num_buckets", 0L);
        return buckets > 0
            ? call.Draft.TextNode("TextHash", [call.Tensor(0)], OnnxDataType.Int64, call.Tensor(0).Shape, [NodeAttribute.Of("buckets", buckets), .. attributes])
            : throw new SlipwayException(ErrorCode.InvalidModel, $"it has {buckets} buckets");
    }

    // Integers are written plainly; others as printf does it, floats widened first.
    private static Term AsString(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = call.Tensor(0);
        long width = call.Attribute("width", -1L);
        string fill = call.Attribute("fill", "");
        long precision = call.Attribute("precision", -1L);
        bool scientific = call.Flag("scientific");
        if (value.Type == OnnxDataType.Bool && width < 0)
        {
            return draft.Where(value, Single(draft, "true"), Single(draft, "false"));
        }

        if (value.Type.IsInteger() && width < 0 && fill.Length == 0)
        {
            return draft.Unary("Cast", value, OnnxDataType.String, null, NodeAttribute.Of("to", (long)OnnxDataType.String));
        }

        // Integers of 64 bits do not all fit a double.
        bool isExact = value.Type is OnnxDataType.Int8 or OnnxDataType.Int16 or OnnxDataType.Int32 or OnnxDataType.UInt8 or OnnxDataType.UInt16 or OnnxDataType.UInt32;
        if ((!isExact && !value.Type.IsFloating()) || (call.Flag("shortest") && !isExact) || fill is not ("" or " " or "0" or "-" or "+"))
        {
            throw OperatorCall.NotSupported($"text out of {value.Type} in this form is not converted");
        }

        return draft.TextNode(
            "TextFormat",
            [draft.Cast(value, OnnxDataType.Double)],
            OnnxDataType.String,
            value.Shape,
            NodeAttribute.Of("conversion", scientific && !isExact ? "e" : "f"),
            NodeAttribute.Of("precision", isExact ? 0 : precision),
            NodeAttribute.Of("width", width),
            NodeAttribute.Of("fill", fill));
    }

    private static Term Single(Draft draft, string text) => draft.Constant(new TensorData(PartialShape.Scalar, [System.Text.Encoding.UTF8.GetBytes(text)]));
}
