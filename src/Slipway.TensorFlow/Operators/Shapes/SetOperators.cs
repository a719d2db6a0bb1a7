using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Shapes;

/// <summary>Values as sets: without repetitions, divided among parts and put together again, and their places in sorted rows.</summary>
internal static class SetOperators
{
    private const int MaxParts = 4096;

    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("Unique", static call => Unique(call, counts: false)),
        new("UniqueV2", static call => call.Integers(1, "axis") is [] or [0] && OperatorCall.Rank(call.Tensor(0)) == 1
            ? Unique(call, counts: false)
            : throw OperatorCall.NotSupported("only vectors are converted"), "vectors"),
        new("UniqueWithCounts", static call => Unique(call, counts: true)),
        new("DynamicPartition", Partition),
        KnownOperator.Of("DynamicStitch", Stitch),
        KnownOperator.Of("ParallelDynamicStitch", Stitch),
        KnownOperator.Of("LowerBound", static call => Bound(call, static (draft, sorted, value) => draft.Less(sorted, value))),
        KnownOperator.Of("UpperBound", static call => Bound(call, static (draft, sorted, value) => draft.LessOrEqual(sorted, value))),
    ];

    private static List<Value> Unique(OperatorCall call, bool counts)
    {
        Term value = call.Tensor(0);
        Term wide = value.Type == OnnxDataType.Int32 ? call.Draft.Long(value) : value;
        IReadOnlyList<Term> found = call.Draft.Nodes(
            "Unique",
            [wide],
            [(wide.Type, PartialShape.OfRank(1)), (OnnxDataType.Int64, PartialShape.OfRank(1)), (OnnxDataType.Int64, PartialShape.OfRank(1)), .. counts ? [(OnnxDataType.Int64, PartialShape.OfRank(1))] : Array.Empty<(OnnxDataType, PartialShape)>()],
            NodeAttribute.Of("sorted", 0));
        TensorFlowType positions = call.Attribute("out_idx", TensorFlowType.Int32);
        List<Value> outputs = [call.Draft.Cast(found[0], value.Type, isLossless: true), call.Index(found[2], positions)];
        if (counts)
        {
            outputs.Add(call.Index(found[3], positions));
        }

        return outputs;
    }

    private static IReadOnlyList<Value> Partition(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term data = call.Tensor(0);
        Term parts = draft.Long(call.Tensor(1));
        long count = call.Attribute("num_partitions", 0L);
        if (count is < 1 or > MaxParts || OperatorCall.Rank(parts) != 1)
        {
            throw OperatorCall.NotSupported($"{count} parts by numbers of {OperatorCall.Rank(parts)} dimensions are not converted");
        }

        PartialShape shape = data.Shape.HasRank ? new PartialShape([-1, .. data.Shape.ToArray()[1..]]) : PartialShape.Unknown;
        return [.. Enumerable.Range(0, (int)count).Select(part => (Value)draft.Node(
            "Compress", [data, draft.Equal(parts, draft.Scalar(part, OnnxDataType.Int64))], data.Type, shape, NodeAttribute.Of("axis", 0)))];
    }

    // Rows of several tensors, each with its place in the whole.
    private static Term Stitch(OperatorCall call)
    {
        Draft draft = call.Draft;
        int count = call.Inputs.Count / 2;
        if (count == 0 || call.Inputs.Count % 2 != 0)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"it has {call.Inputs.Count} inputs");
        }

        List<Term> places = [];
        List<Term> rows = [];
        for (int i = 0; i < count; i++)
        {
            Term place = draft.Long(call.Tensor(i));
            Term row = call.Tensor(count + i);
            int rank = OperatorCall.Rank(place);
            Term inner = draft.Slice(draft.Shape(row), [new SliceRange(0, rank, long.MaxValue, 1)]);
            places.Add(draft.Reshape(place, -1));
            rows.Add(rank == 1 ? row : draft.Reshape(row, draft.Concat([draft.Integers([-1]), inner], 0)));
        }

        Term all = draft.Concat(places, 0);
        if (all.KnownIntegers is { } known && known.Distinct().Count() != known.Length)
        {
            throw OperatorCall.NotSupported("a place that is filled twice is not converted");
        }

        Term values = draft.Concat(rows, 0);
        Term size = draft.Add(draft.Reduce("ReduceMax", all, [0], keepDimensions: true), draft.Integers([1]));
        Term zeros = draft.Expand(draft.Scalar(0, values.Type), draft.Concat([size, draft.Slice(draft.Shape(values), [new SliceRange(0, 1, long.MaxValue, 1)])], 0));
        return GatherOperators.ScatterNode(draft, zeros, draft.Unsqueeze(all, 1), values, "none");
    }

    // The place of a value in a sorted row is the number of entries before it.
    private static Term Bound(OperatorCall call, Func<Draft, Term, Term, Term> isBefore)
    {
        Draft draft = call.Draft;
        Term sorted = draft.Unsqueeze(call.Tensor(0), 1);
        Term values = draft.Unsqueeze(call.Tensor(1), 2);
        Term before = draft.Cast(isBefore(draft, sorted, values), OnnxDataType.Int64);
        return call.Index(draft.Reduce("ReduceSum", before, [2], keepDimensions: false), call.Attribute("out_type", TensorFlowType.Int32));
    }
}
