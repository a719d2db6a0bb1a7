using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Shapes;

/// <summary>Parts of values, and values put together.</summary>
internal static class SliceOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Slice", Slice),
        KnownOperator.Of("StridedSlice", StridedSlices.Convert),
        new("Split", static call => Split(call, call.Tensor(1), call.Integer(0, "axis"), null)),
        new("SplitV", static call => Split(call, call.Tensor(0), call.Integer(2, "axis"), call.Integers(1, "sizes"))),
        KnownOperator.Of("Pack", Pack),
        new("Unpack", Unpack),
        KnownOperator.Of("ConcatV2", static call => Concat(call, call.Tensors(0, 1), call.Integer(call.Inputs.Count - 1, "axis"))),
        KnownOperator.Of("Concat", static call => Concat(call, call.Tensors(1), call.Integer(0, "axis"))),
        KnownOperator.Of("ParallelConcat", static call => Concat(call, call.Tensors(), 0)),
        KnownOperator.Of("Tile", static call => call.Draft.Tile(call.Tensor(0), call.Draft.Long(call.Tensor(1)))),
        KnownOperator.Of("ReverseV2", Reverse),
        KnownOperator.Of("ReverseSequence", ReverseSequence),
        KnownOperator.Of("Roll", Roll),
        KnownOperator.Of("Where", Where),
    ];

    private static Term Slice(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term value = call.Tensor(0);
        Term begin = draft.Long(call.Tensor(1));
        Term size = draft.Long(call.Tensor(2));
        if (begin.KnownIntegers is { } starts && size.KnownIntegers is { } sizes && starts.Length == sizes.Length)
        {
            return draft.Slice(value, [.. starts.Select((start, axis) => new SliceRange(axis, start, sizes[axis] < 0 ? long.MaxValue : start + sizes[axis], 1))]);
        }

        Term isRest = draft.Less(size, draft.Scalar(0, OnnxDataType.Int64));
        Term end = draft.Where(isRest, draft.Scalar(long.MaxValue, OnnxDataType.Int64), draft.Add(begin, size));
        PartialShape shape = !value.Shape.HasRank ? PartialShape.Unknown
            : size.Elements is { } known ? new PartialShape([.. known.Select(static count => count is >= 0 ? count.Value : -1)])
            : PartialShape.OfRank(value.Shape.Rank);
        return draft.Node("Slice", [value, begin, end], value.Type, shape);
    }

    private static List<Value> Split(OperatorCall call, Term value, long axis, long[]? sizes)
    {
        Draft draft = call.Draft;
        int along = OperatorCall.Axis(axis, value);
        long whole = value.Shape.HasRank ? value.Shape[along] : -1;
        long count = sizes?.Length ?? call.Attribute("num_split", 1L);
        if (count is < 1 or > 100_000)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"it splits into {count} parts");
        }

        if (sizes is not null && Array.IndexOf(sizes, -1) is >= 0 and var open)
        {
            long rest = sizes.Where(static size => size >= 0).Sum();
            sizes[open] = whole >= rest ? whole - rest : throw OperatorCall.NotSupported("the size of what is left over is not known at conversion");
        }

        if (sizes is null && whole >= 0)
        {
            sizes = whole % count == 0
                ? [.. Enumerable.Repeat(whole / count, (int)count)]
                : throw new SlipwayException(ErrorCode.InvalidModel, $"{whole} can't be split into {count} equal parts");
        }

        if (sizes is null)
        {
            PartialShape unknown = value.Shape.HasRank ? PartialShape.OfRank(value.Shape.Rank) : PartialShape.Unknown;
            return [.. draft.Nodes("Split", [value], [.. Enumerable.Repeat((value.Type, unknown), (int)count)], NodeAttribute.Of("axis", along), NodeAttribute.Of("num_outputs", count)).Select(static part => (Value)part)];
        }

        // Slices rather than one Split: they move before a transpose, and what is not needed costs nothing.
        long start = 0;
        List<Value> parts = [];
        foreach (long size in sizes)
        {
            parts.Add(draft.Slice(value, [new SliceRange(along, start, start + size, 1)]));
            start += size;
        }

        return parts;
    }

    private static Term Pack(OperatorCall call)
    {
        Term[] parts = call.Tensors();
        int rank = OperatorCall.Rank(parts[0]) + 1;
        int axis = ShapeRules.Axis(call.Attribute("axis", 0L), rank);
        return call.Draft.Concat([.. parts.Select(part => call.Draft.Unsqueeze(part, axis))], axis);
    }

    private static IReadOnlyList<Value> Unpack(OperatorCall call)
    {
        Term value = call.Tensor(0);
        int axis = OperatorCall.Axis(call.Attribute("axis", 0L), value);
        long count = call.Attribute("num", value.Shape.HasRank ? value.Shape[axis] : 0);
        if (count is < 0 or > 100_000)
        {
            throw OperatorCall.NotSupported("the number of its parts is not known at conversion");
        }

        return [.. Enumerable.Range(0, (int)count).Select(i => (Value)call.Draft.Gather(value, call.Draft.Scalar(i, OnnxDataType.Int64), axis))];
    }

    private static Term Concat(OperatorCall call, Term[] parts, long axis)
    {
        Term? known = Array.Find(parts, static part => part.Shape.HasRank);
        int along = known is null && axis >= 0 ? (int)axis : OperatorCall.Axis(axis, known ?? parts[0]);
        return call.Draft.Concat(parts, along);
    }

    private static Term Reverse(OperatorCall call)
    {
        Term value = call.Tensor(0);
        return call.Draft.Slice(value, [.. call.Integers(1, "axes").Select(axis => new SliceRange(OperatorCall.Axis(axis, value), -1, long.MinValue, -1))]);
    }

    // ONNX wants time and batch to be the first two dimensions.
    private static Term ReverseSequence(OperatorCall call)
    {
        Term value = call.Tensor(0);
        int rank = OperatorCall.Rank(value);
        int time = ShapeRules.Axis(call.Attribute("seq_dim", 1L), rank);
        int batch = ShapeRules.Axis(call.Attribute("batch_dim", 0L), rank);
        long[] order = [batch, time, .. Enumerable.Range(0, rank).Where(axis => axis != time && axis != batch).Select(static axis => (long)axis)];
        Term turned = call.Draft.Transpose(value, order);
        Term reversed = call.Draft.Node(
            "ReverseSequence", [turned, call.Draft.Long(call.Tensor(1))], value.Type, turned.Shape, NodeAttribute.Of("batch_axis", 0), NodeAttribute.Of("time_axis", 1));
        return call.Draft.Transpose(reversed, Layouts.Invert(order));
    }

    private static Term Roll(OperatorCall call)
    {
        Term value = call.Tensor(0);
        long[] shifts = call.Integers(1, "shift");
        long[] axes = call.Integers(2, "axis");
        for (int i = 0; i < shifts.Length; i++)
        {
            int axis = OperatorCall.Axis(axes[i], value);
            long size = value.Shape[axis];
            if (size < 0)
            {
                throw OperatorCall.NotSupported("the size of the dimension that it rolls is not known at conversion");
            }

            long shift = size == 0 ? 0 : ((shifts[i] % size) + size) % size;
            if (shift != 0)
            {
                value = call.Draft.Concat(
                    [call.Draft.Slice(value, [new SliceRange(axis, size - shift, long.MaxValue, 1)]), call.Draft.Slice(value, [new SliceRange(axis, 0, size - shift, 1)])], axis);
            }
        }

        return value;
    }

    // Positions of what is not zero, one row each.
    private static Term Where(OperatorCall call)
    {
        Term value = call.Tensor(0);
        PartialShape shape = new(value.Shape.HasRank ? value.Shape.Rank : -1, -1);
        return call.Draft.Transpose(call.Draft.Node("NonZero", [value], OnnxDataType.Int64, shape), 1, 0);
    }
}
