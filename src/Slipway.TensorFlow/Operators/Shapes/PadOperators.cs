using Slipway.Core;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Shapes;

/// <summary>Borders around values.</summary>
internal static class PadOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Pad", static call => Plain(call, null)),
        KnownOperator.Of("PadV2", static call => Plain(call, call.Tensor(2))),
        KnownOperator.Of("MirrorPad", Mirror),
    ];

    /// <summary>A border of one number (zero when null) with known widths.</summary>
    public static Term Constant(Draft draft, Term value, long[] begin, long[] end, Term? number) => Known(draft, value, begin, end, "constant", number);

    private static Term Plain(OperatorCall call, Term? number)
    {
        Term value = call.Tensor(0);
        Term widths = call.Tensor(1);
        if (widths.KnownIntegers is not null && value.Shape.HasRank)
        {
            (long[] begin, long[] end) = Widths(call, value);
            return Constant(call.Draft, value, begin, end, number);
        }

        // [rank, 2] to all widths before, then all behind.
        Term pads = call.Draft.Reshape(call.Draft.Transpose(call.Draft.Long(widths), 1, 0), -1);
        PartialShape shape = value.Shape.HasRank ? PartialShape.OfRank(value.Shape.Rank) : PartialShape.Unknown;
        return call.Draft.Node("Pad", [value, pads, number], value.Type, shape);
    }

    private static Term Mirror(OperatorCall call)
    {
        Term value = call.Tensor(0);
        OperatorCall.Rank(value);
        (long[] begin, long[] end) = Widths(call, value);
        if (call.Attribute("mode", "REFLECT") == "REFLECT")
        {
            return Known(call.Draft, value, begin, end, "reflect", null);
        }

        // The border itself is repeated: what ONNX has no mode for is put together from reversed slices.
        Draft draft = call.Draft;
        for (int axis = 0; axis < begin.Length; axis++)
        {
            List<Term> parts = [value];
            if (begin[axis] > 0)
            {
                parts.Insert(0, draft.Slice(value, [new SliceRange(axis, begin[axis] - 1, long.MinValue, -1)]));
            }

            if (end[axis] > 0)
            {
                parts.Add(draft.Slice(value, [new SliceRange(axis, -1, -end[axis] - 1, -1)]));
            }

            value = draft.Concat(parts, axis);
        }

        return value;
    }

    private static (long[] Begin, long[] End) Widths(OperatorCall call, Term value)
    {
        long[] pairs = call.Integers(1, "paddings");
        return pairs.Length == 2 * value.Shape.Rank
            ? ([.. pairs.Where((_, i) => i % 2 == 0)], [.. pairs.Where((_, i) => i % 2 == 1)])
            : throw new SlipwayException(ErrorCode.InvalidModel, $"its paddings do not fit {value.Shape}");
    }

    private static Term Known(Draft draft, Term value, long[] begin, long[] end, string mode, Term? number)
    {
        if (Array.TrueForAll([.. begin, .. end], static width => width == 0))
        {
            return value;
        }

        if (Layouts.PermutationOf(value) is { } permutation)
        {
            long[] inverse = Layouts.Invert(permutation);
            Term padded = Known(draft, value.Producer!.Inputs[0]!, [.. inverse.Select(axis => begin[axis])], [.. inverse.Select(axis => end[axis])], mode, number);
            return draft.Transpose(padded, permutation);
        }

        PartialShape shape = new([.. value.Shape.ToArray().Select((size, axis) => size < 0 ? -1 : size + begin[axis] + end[axis])]);
        return draft.Node("Pad", [value, draft.Integers([.. begin, .. end]), number], value.Type, shape, NodeAttribute.Of("mode", mode));
    }
}
