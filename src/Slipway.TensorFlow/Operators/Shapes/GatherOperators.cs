using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Shapes;

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
        KnownOperator.Of("TensorScatterSub", static call => ScatterNode(call.Draft, call.Tensor(0), call.Tensor(1), call.Draft.Neg(call.Tensor(2)), "add")),
        KnownOperator.Of("TensorScatterMax", static call => Scatter(call, "max")),
        KnownOperator.Of("TensorScatterMin", static call => Scatter(call, "min")),
        KnownOperator.Of("OneHot", OneHot),
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

    /// <summary>A gather along <paramref name="axis"/> whose first <paramref name="batch"/> dimensions go together one by one.</summary>
    public static Term BatchGather(Draft draft, Term data, Term indices, int axis, int batch)
    {
        if (!data.Shape.HasRank || !indices.Shape.HasRank || axis < batch)
        {
            throw OperatorCall.NotSupported("a gather with batch dimensions of values of unknown rank is not converted");
        }

        Term deep = draft.Unsqueeze(draft.Long(indices), indices.Shape.Rank);
        if (axis == batch)
        {
            return GatherNd(draft, data, deep, batch);
        }

        // The dimension is put first behind those of the batch, and the ones that it passed go back before the positions.
        int passed = axis - batch;
        int looked = indices.Shape.Rank - batch;
        long[] order = [.. Range(0, batch), axis, .. Range(batch, passed), .. Range(axis + 1, data.Shape.Rank - axis - 1)];
        Term found = GatherNd(draft, draft.Transpose(data, order), deep, batch);
        return draft.Transpose(found, [.. Range(0, batch), .. Range(batch + looked, passed), .. Range(batch, looked), .. Range(batch + looked + passed, data.Shape.Rank - axis - 1)]);
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

    private static IEnumerable<long> Range(int start, int count) => Enumerable.Range(start, count).Select(static axis => (long)axis);

    private static Term ScatterNd(OperatorCall call)
    {
        Term updates = call.Tensor(1);
        Term shape = call.Draft.Long(call.Tensor(2));
        Term zeros = call.Draft.Expand(call.Draft.Scalar(0, updates.Type), shape);
        return ScatterNode(call.Draft, zeros, call.Tensor(0), updates, "add");
    }

    private static Term Scatter(OperatorCall call, string reduction) => ScatterNode(call.Draft, call.Tensor(0), call.Tensor(1), call.Tensor(2), reduction);

    /// <summary>Slices written, or added and so on, at positions that are the last dimension of <paramref name="indices"/>.</summary>
    public static Term ScatterNode(Draft draft, Term data, Term indices, Term updates, string reduction) =>
        draft.Node("ScatterND", [data, draft.Long(indices), updates], data.Type, data.Shape, NodeAttribute.Of("reduction", reduction));

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
