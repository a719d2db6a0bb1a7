using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Sparse;

/// <summary>Rows put together by the number of their segment.</summary>
internal static class SegmentOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        .. new[] { "Sum", "Prod", "Max", "Min", "Mean" }.SelectMany(static kind => new[]
        {
            KnownOperator.Of("Segment" + kind, call => Sorted(call, kind, Last(call, call.Tensor(1)))),
            KnownOperator.Of($"Segment{kind}V2", call => Sorted(call, kind, call.Tensor(2))),
        }),
        .. new[] { "Sum", "Prod", "Max", "Min" }.Select(static kind => KnownOperator.Of("UnsortedSegment" + kind, call => Unsorted(call, kind))),
        .. new[] { "Sum", "Mean", "SqrtN" }.SelectMany(static kind => new[]
        {
            KnownOperator.Of("SparseSegment" + kind, call => Sparse(call, kind, Last(call, call.Tensor(2)))),
            KnownOperator.Of($"SparseSegment{kind}WithNumSegments", call => Sparse(call, kind, call.Tensor(3))),
        }),
    ];

    // Segments without rows are one for products and zero for all others.
    private static Term Sorted(OperatorCall call, string kind, Term count) => Rows(call.Draft, call.Tensor(0), call.Tensor(1), count, kind, emptyIsZero: kind != "Prod");

    // Chosen rows, some of them several times.
    private static Term Sparse(OperatorCall call, string kind, Term count)
    {
        Draft draft = call.Draft;
        Term rows = draft.Gather(call.Tensor(0), call.Tensor(1), 0);
        Term numbers = call.Tensor(2);
        Term sum = Rows(draft, rows, numbers, count, kind == "Mean" ? "Mean" : "Sum", emptyIsZero: false);
        if (kind != "SqrtN")
        {
            return sum;
        }

        Term sizes = draft.Max(Sizes(draft, rows, numbers, count), draft.Scalar(1, sum.Type));
        return draft.Div(sum, draft.Unary("Sqrt", sizes));
    }

    // Numbers may have several dimensions, the first ones of the rows; negative ones leave their rows out. Segments without rows have the operation's neutral value.
    private static Term Unsorted(OperatorCall call, string kind)
    {
        Draft draft = call.Draft;
        Term numbers = draft.Long(call.Tensor(1));
        Term rows = call.Tensor(0);
        int rank = OperatorCall.Rank(numbers);
        if (rank != 1)
        {
            Term inner = draft.Slice(draft.Shape(rows), [new SliceRange(0, rank, long.MaxValue, 1)]);
            rows = draft.Reshape(rows, draft.Concat([draft.Integers([-1]), inner], 0));
            numbers = draft.Reshape(numbers, -1);
        }

        Term count = draft.Long(call.Tensor(2));
        Term safe = draft.Where(draft.Less(numbers, draft.Scalar(0, OnnxDataType.Int64)), count, numbers);
        Term all = Rows(draft, rows, safe, draft.Add(count, draft.Scalar(1, OnnxDataType.Int64)), kind, emptyIsZero: false);
        return draft.Slice(all, [new SliceRange(0, 0, -1, 1)]);
    }

    private static Term Rows(Draft draft, Term rows, Term numbers, Term count, string kind, bool emptyIsZero)
    {
        if (OperatorCall.Rank(numbers) != 1)
        {
            throw OperatorCall.NotSupported("segment numbers of more than one dimension are not converted");
        }

        Term inner = draft.Slice(draft.Shape(rows), [new SliceRange(0, 1, long.MaxValue, 1)]);
        Term neutral = draft.Expand(Neutral(draft, rows.Type, kind), draft.Concat([draft.Reshape(draft.Long(count), 1), inner], 0));
        string reduction = kind switch { "Prod" => "mul", "Max" => "max", "Min" => "min", _ => "add" };
        Term result = GatherOperators.ScatterNode(draft, neutral, draft.Unsqueeze(numbers, 1), rows, reduction);
        result = kind == "Mean" ? draft.Div(result, draft.Max(Sizes(draft, rows, numbers, count), draft.Scalar(1, rows.Type))) : result;
        return emptyIsZero && kind is ("Max" or "Min")
            ? draft.Where(draft.Equal(Sizes(draft, rows, numbers, count), draft.Scalar(0, rows.Type)), draft.Scalar(0, rows.Type), result)
            : result;
    }

    // How many rows a segment has, as [count, 1, …] to go with its values.
    private static Term Sizes(Draft draft, Term rows, Term numbers, Term count)
    {
        Term zeros = draft.Expand(draft.Scalar(0, rows.Type), draft.Reshape(draft.Long(count), 1));
        Term ones = draft.Expand(draft.Scalar(1, rows.Type), draft.Shape(numbers));
        Term sizes = GatherOperators.ScatterNode(draft, zeros, draft.Unsqueeze(numbers, 1), ones, "add");
        return draft.Reshape(sizes, [-1, .. Enumerable.Repeat(1L, OperatorCall.Rank(rows) - 1)]);
    }

    private static Term Neutral(Draft draft, OnnxDataType type, string kind) => (kind, type) switch
    {
        ("Prod", _) => draft.Scalar(1, type),
        ("Max", OnnxDataType.Float) => draft.Scalar(float.MinValue, type),
        ("Min", OnnxDataType.Float) => draft.Scalar(float.MaxValue, type),
        ("Max", OnnxDataType.Double) => draft.Scalar(double.MinValue, type),
        ("Min", OnnxDataType.Double) => draft.Scalar(double.MaxValue, type),
        ("Max", OnnxDataType.Int32) => draft.Scalar(int.MinValue, type),
        ("Min", OnnxDataType.Int32) => draft.Scalar(int.MaxValue, type),
        ("Max", OnnxDataType.Int64) => draft.Constant(TensorData.Of([long.MinValue])),
        ("Min", OnnxDataType.Int64) => draft.Constant(TensorData.Of([long.MaxValue])),
        ("Max" or "Min", _) => throw OperatorCall.NotSupported($"the largest or smallest of {type} is not converted"),
        _ => draft.Scalar(0, type),
    };

    // Sorted numbers: the last one is the largest.
    private static Term Last(OperatorCall call, Term numbers) => call.Draft.Add(
        call.Draft.Long(call.Draft.Gather(numbers, call.Draft.Scalar(-1, OnnxDataType.Int64), 0)), call.Draft.Scalar(1, OnnxDataType.Int64));
}
