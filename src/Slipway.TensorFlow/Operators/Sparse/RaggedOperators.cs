using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Sparse;

/// <summary>Rows of varying length, as splitting text gives them, filled up to a rectangle.</summary>
internal static class RaggedOperators
{
    private const string ByNumbers = "VALUE_ROWIDS";
    private const string BySplits = "ROW_SPLITS";
    private const string BySize = "FIRST_DIM_SIZE";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("RaggedTensorToTensor", ToTensor, "one dimension of varying length"),
        new("RaggedTensorToSparse", ToSparse, "one dimension of varying length"),
        new("StringNGrams", NGrams),
    ];

    // Each value is written to its row and place in a rectangle of the default value; what lies beyond the rectangle is left out.
    private static Term ToTensor(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term values = call.Tensor(1);
        Term absent = call.Tensor(2);
        string[] kinds = [.. (call.Value("row_partition_types")?.List ?? []).Select(static kind => System.Text.Encoding.UTF8.GetString(kind.Bytes ?? []))];
        Term[] partitions = [.. call.Tensors(3).Select(draft.Long)];
        if (kinds.Length != partitions.Length || kinds is not ([BySplits] or [BySize, ByNumbers] or [BySize, BySplits]) || absent.Shape.ElementCount() != 1)
        {
            throw OperatorCall.NotSupported($"rows described by {string.Join(", ", kinds)} are not converted");
        }

        (Term rows, Term places, Term count, Term longest) = kinds[^1] == ByNumbers
            ? OfNumbers(draft, partitions[1], draft.Reshape(partitions[0], 1))
            : OfSplits(draft, partitions[^1]);
        Term asked = draft.Long(call.Tensor(0));
        bool isAnyShape = asked.Shape.HasRank && asked.Shape.Rank == 0;
        Term height = isAnyShape ? count : Chosen(draft, asked, 0, count);
        Term width = isAnyShape ? longest : Chosen(draft, asked, 1, longest);
        Term inside = draft.And(draft.Less(places, width), draft.Less(rows, height));

        // Left-out values go to a place of their own behind the rectangle.
        Term size = draft.Mul(height, width);
        Term place = draft.Where(inside, draft.Add(draft.Mul(rows, width), places), size);
        Term inner = draft.Slice(draft.Shape(values), [new SliceRange(0, 1, long.MaxValue, 1)]);
        Term one = draft.Integers([1]);
        Term flat = draft.Expand(draft.Cast(absent, values.Type), draft.Concat([draft.Add(size, one), inner], 0));
        PartialShape unknown = values.Shape.HasRank ? new PartialShape([-1, .. values.Shape.ToArray()[1..]]) : PartialShape.Unknown;
        Term filled = draft.Node("ScatterND", [flat, draft.Unsqueeze(place, 1), values], values.Type, unknown, NodeAttribute.Of("reduction", "none"));
        Term kept = draft.Node("Slice", [filled, draft.Integers([0]), size, draft.Integers([0])], values.Type, unknown);
        Term shaped = draft.Reshape(kept, draft.Concat([height, width, inner], 0));
        return values.Shape.HasRank
            ? Draft.WithShape(shaped, shaped.Shape.Refine(new PartialShape([Known(height), Known(width), .. values.Shape.ToArray()[1..]])))
            : shaped;
    }

    /// <summary>The row of each value, and its place in the row, of values that are divided into rows by <paramref name="splits"/>.</summary>
    public static (Term Rows, Term Places) Spread(Draft draft, Term splits)
    {
        Term starts = draft.Slice(splits, [new SliceRange(0, 0, -1, 1)]);
        Term ends = draft.Slice(splits, [new SliceRange(0, 1, long.MaxValue, 1)]);

        // The row of a value is the number of rows that end at or before it.
        Term all = draft.Slice(splits, [new SliceRange(0, -1, long.MaxValue, 1)]);
        Term places = draft.Expand(draft.Scalar(0, OnnxDataType.Int64), draft.Add(all, draft.Integers([1])));
        Term ones = draft.Expand(draft.Scalar(1, OnnxDataType.Int64), draft.Shape(starts));
        Term ended = GatherOperators.ScatterNode(draft, places, draft.Unsqueeze(ends, 1), ones, "add");
        Term counted = draft.Node("CumSum", [ended, draft.Scalar(0, OnnxDataType.Int64)], OnnxDataType.Int64, new PartialShape(-1));
        Term rows = draft.Slice(counted, [new SliceRange(0, 0, -1, 1)]);
        return (rows, Places(draft, rows, starts));
    }

    private static IReadOnlyList<Value> ToSparse(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term values = call.Tensor(call.Inputs.Count - 1);
        if (call.Inputs.Count != 2 || OperatorCall.Rank(values) != 1)
        {
            throw OperatorCall.NotSupported("rows of rows are not converted");
        }

        Term splits = draft.Long(call.Tensor(0));
        (Term rows, Term places, Term count, Term longest) = OfSplits(draft, splits);
        return [draft.Concat([draft.Unsqueeze(rows, 1), draft.Unsqueeze(places, 1)], 1), values, draft.Concat([count, longest], 0)];
    }

    private static IReadOnlyList<Value> NGrams(OperatorCall call)
    {
        Draft draft = call.Draft;
        long[] widths = call.List("ngram_widths") ?? [];
        if (widths.Length is 0 or > 64 || widths.Any(static width => width is < 1 or > 4096))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "its numbers of words are none, or not positive");
        }

        Term splits = call.Tensor(1);
        IReadOnlyList<Term> runs = draft.TextNodes(
            "TextGrams",
            [draft.Long(splits), call.Tensor(0)],
            [(OnnxDataType.String, new PartialShape(-1)), (OnnxDataType.Int64, splits.Shape), (OnnxDataType.Int64, new PartialShape(-1, 2)), (OnnxDataType.Int64, new PartialShape(2))],
            NodeAttribute.Of("widths", string.Join(',', widths)),
            NodeAttribute.Of("separator", call.Attribute("separator", "")),
            NodeAttribute.Of("left", call.Attribute("left_pad", "")),
            NodeAttribute.Of("right", call.Attribute("right_pad", "")),
            NodeAttribute.Of("pad", call.Attribute("pad_width", 0L)),
            NodeAttribute.Of("keeps_short", call.Flag("preserve_short_sequences") ? 1 : 0));
        return [runs[0], draft.Cast(runs[1], splits.Type, isLossless: true)];
    }

    // A row's values lie one behind the other: a value's place is how far it is from the first of its row.
    private static (Term Rows, Term Places, Term Count, Term Longest) OfNumbers(Draft draft, Term numbers, Term count)
    {
        Term ones = draft.Expand(draft.Scalar(1, OnnxDataType.Int64), draft.Shape(numbers));
        Term lengths = draft.Node(
            "ScatterND", [draft.Expand(draft.Scalar(0, OnnxDataType.Int64), count), draft.Unsqueeze(numbers, 1), ones], OnnxDataType.Int64, new PartialShape(-1), NodeAttribute.Of("reduction", "add"));
        Term starts = draft.Node("CumSum", [lengths, draft.Scalar(0, OnnxDataType.Int64)], OnnxDataType.Int64, new PartialShape(-1), NodeAttribute.Of("exclusive", 1));
        return (numbers, Places(draft, numbers, starts), count, SparseParts.Longest(draft, lengths));
    }

    private static (Term Rows, Term Places, Term Count, Term Longest) OfSplits(Draft draft, Term splits)
    {
        Term starts = draft.Slice(splits, [new SliceRange(0, 0, -1, 1)]);
        Term ends = draft.Slice(splits, [new SliceRange(0, 1, long.MaxValue, 1)]);
        (Term rows, Term places) = Spread(draft, splits);
        return (rows, places, draft.Shape(starts), SparseParts.Longest(draft, draft.Sub(ends, starts)));
    }

    private static Term Places(Draft draft, Term rows, Term starts)
    {
        Term count = draft.Reshape(draft.Shape(rows), draft.Integers([]));
        Term positions = draft.Node("Range", [draft.Scalar(0, OnnxDataType.Int64), count, draft.Scalar(1, OnnxDataType.Int64)], OnnxDataType.Int64, new PartialShape(-1));
        return draft.Sub(positions, draft.Gather(starts, rows, 0));
    }

    private static Term Chosen(Draft draft, Term asked, int position, Term own)
    {
        Term size = draft.Slice(asked, [new SliceRange(0, position, position + 1, 1)]);
        return size.KnownIntegers is [var known] ? known >= 0 ? size : own : draft.Where(draft.Less(size, draft.Integers([0])), own, size);
    }

    private static long Known(Term size) => size.KnownIntegers is [var known] ? known : -1;
}
