using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators;

/// <summary>Values at positions.</summary>
internal static class GatherOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Gather", static call => call.Draft.Gather(call.Tensor(0), call.Tensor(1), 0)),
        KnownOperator.Of("GatherV2", GatherV2),
        KnownOperator.Of("GatherNd", static call => GatherNd(call.Draft, call.Tensor(0), call.Tensor(1), 0)),
        KnownOperator.Of("ScatterNd", ScatterNd),
        KnownOperator.Of("TensorScatterUpdate", static call => Scatter(call, "none")),
        KnownOperator.Of("TensorScatterAdd", static call => Scatter(call, "add")),
        KnownOperator.Of("TensorScatterMax", static call => Scatter(call, "max")),
        KnownOperator.Of("TensorScatterMin", static call => Scatter(call, "min")),
        KnownOperator.Of("OneHot", OneHot),
        KnownOperator.Of("SegmentSum", static call => Segments(call, Last(call))),
        KnownOperator.Of("InvertPermutation", InvertPermutation),
    ];

    /// <summary>Slices at positions that are the last dimension of <paramref name="indices"/>.</summary>
    public static Term GatherNd(Draft draft, Term data, Term indices, int batch)
    {
        PartialShape shape = PartialShape.Unknown;
        if (data.Shape.HasRank && indices.Shape.HasRank && indices.Shape.Rank > 0 && indices.Shape[indices.Shape.Rank - 1] is >= 0 and var depth && batch + depth <= data.Shape.Rank)
        {
            shape = new PartialShape([.. indices.Shape.Dimensions[..^1], .. data.Shape.Dimensions[(batch + (int)depth)..]]);
        }

        return draft.Node("GatherND", [data, draft.Long(indices)], data.Type, shape, NodeAttribute.Of("batch_dims", batch));
    }

    /// <summary>A gather along <paramref name="axis"/> whose first dimensions go together one by one.</summary>
    public static Term BatchGather(Draft draft, Term data, Term indices, int axis, int batch)
    {
        if (axis != batch || !data.Shape.HasRank || !indices.Shape.HasRank)
        {
            throw OperatorCall.NotSupported("a gather with batch dimensions along another axis than the first after them is not converted");
        }

        Term deep = draft.Unsqueeze(draft.Long(indices), indices.Shape.Rank);
        return GatherNd(draft, data, deep, batch);
    }

    private static Term GatherV2(OperatorCall call)
    {
        Term data = call.Tensor(0);
        Term indices = call.Tensor(1);
        int axis = OperatorCall.Axis(call.Integer(2, "axis"), data);
        long batch = call.Attribute("batch_dims", 0L);
        batch = batch < 0 ? batch + OperatorCall.Rank(indices) : batch;
        return batch == 0 ? call.Draft.Gather(data, indices, axis) : BatchGather(call.Draft, data, indices, axis, (int)batch);
    }

    private static Term ScatterNd(OperatorCall call)
    {
        Term updates = call.Tensor(1);
        Term shape = call.Draft.Long(call.Tensor(2));
        Term zeros = call.Draft.Expand(call.Draft.Scalar(0, updates.Type), shape);
        return ScatterNode(call.Draft, zeros, call.Tensor(0), updates, "add");
    }

    private static Term Scatter(OperatorCall call, string reduction) => ScatterNode(call.Draft, call.Tensor(0), call.Tensor(1), call.Tensor(2), reduction);

    private static Term ScatterNode(Draft draft, Term data, Term indices, Term updates, string reduction) =>
        draft.Node("ScatterND", [data, draft.Long(indices), updates], data.Type, data.Shape, NodeAttribute.Of("reduction", reduction));

    // Rows are added up by the number of their segment.
    private static Term Segments(OperatorCall call, Term count)
    {
        Draft draft = call.Draft;
        Term rows = call.Tensor(0);
        if (OperatorCall.Rank(call.Tensor(1)) != 1)
        {
            throw OperatorCall.NotSupported("segment numbers of more than one dimension are not converted");
        }

        Term inner = draft.Slice(draft.Shape(rows), [new SliceRange(0, 1, long.MaxValue, 1)]);
        Term zeros = draft.Expand(draft.Scalar(0, rows.Type), draft.Concat([draft.Reshape(count, 1), inner], 0));
        return ScatterNode(draft, zeros, draft.Unsqueeze(call.Tensor(1), 1), rows, "add");
    }

    // Sorted numbers: the last one is the largest.
    private static Term Last(OperatorCall call) => call.Draft.Add(
        call.Draft.Long(call.Draft.Gather(call.Tensor(1), call.Draft.Scalar(-1, OnnxDataType.Int64), 0)), call.Draft.Scalar(1, OnnxDataType.Int64));

    // TensorFlow gives a row of "off" for a position out of range; ONNX counts negative ones from the end, so these are sent beyond the end.
    private static Term OneHot(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term indices = draft.Long(call.Tensor(0));
        Term depth = draft.Long(call.Tensor(1));
        Term on = call.Tensor(2);
        Term off = call.Tensor(3);
        int rank = OperatorCall.Rank(indices) + 1;
        int axis = ShapeRules.Axis(call.Attribute("axis", -1L), rank);
        Term safe = draft.Where(draft.Less(indices, draft.Scalar(0, OnnxDataType.Int64)), depth, indices);
        List<long> dimensions = [.. indices.Shape.Dimensions];
        dimensions.Insert(axis, depth.KnownIntegers is [var known] ? known : -1);
        PartialShape shape = new([.. dimensions]);
        Term Place(Term least, Term most) => draft.Node(
            "OneHot", [safe, depth, draft.Concat([draft.Unsqueeze(least, 0), draft.Unsqueeze(most, 0)], 0)], most.Type, shape, NodeAttribute.Of("axis", axis));
        if (on.Type is OnnxDataType.Float or OnnxDataType.Int64)
        {
            return Place(off, on);
        }

        // The engine places numbers of a few types only; for others it places ones, and the value is chosen by them.
        Term places = draft.Cast(Place(draft.Scalar(0, OnnxDataType.Int64), draft.Scalar(1, OnnxDataType.Int64)), OnnxDataType.Bool);
        return draft.Where(places, on, off);
    }

    private static Term InvertPermutation(OperatorCall call)
    {
        long[] order = call.Integers(0, "permutation");
        Term inverse = call.Draft.Integers(Layouts.Invert(order));
        return call.Draft.Cast(inverse, call.Tensor(0).Type, isLossless: true);
    }
}
