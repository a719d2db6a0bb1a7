using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>Images in other sizes, depth to space and back, and the choice among overlapping boxes.</summary>
internal static class ResizeOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("ResizeBilinear", static call => Resize(call, "linear", toFloat: true)),
        KnownOperator.Of("ResizeNearestNeighbor", static call => Resize(call, "nearest", toFloat: false)),
        KnownOperator.Of("DepthToSpace", static call => Rearrange(call, "DepthToSpace")),
        KnownOperator.Of("SpaceToDepth", static call => Rearrange(call, "SpaceToDepth")),
        KnownOperator.Of("NonMaxSuppressionV2", static call => Suppress(call, null)),
        KnownOperator.Of("NonMaxSuppressionV3", static call => Suppress(call, call.Tensor(4))),
        new("NonMaxSuppressionV4", static call => Padded(call, Suppress(call, call.Tensor(4)), null)),
        new("NonMaxSuppressionV5", static call => call.Constant(5, "softness").ToDoubles() is [0]
            ? Padded(call, Suppress(call, call.Tensor(4)), call.Tensor(1))
            : throw OperatorCall.NotSupported("suppression by lowered scores (soft_nms_sigma) is not converted"), "soft_nms_sigma zero"),
    ];

    // TensorFlow takes the nearest pixel by rounding down its position at pixel centres, which is rounding half up at ONNX's half-pixel positions.
    private static Term Resize(OperatorCall call, string mode, bool toFloat)
    {
        Draft draft = call.Draft;
        ImageLayout layout = new(4, IsChannelsLast: true);
        Term value = call.Tensor(0);
        Term input = layout.ToOnnx(draft, toFloat ? draft.Cast(value, OnnxDataType.Float) : value);
        Term sizes = draft.Long(call.Tensor(1));
        bool corners = call.Flag("align_corners");
        bool centers = call.Flag("half_pixel_centers");
        string positions = corners ? "align_corners" : centers ? "half_pixel" : "asymmetric";
        long?[] known = sizes.Elements ?? [null, null];
        PartialShape shape = new(input.Shape[0], input.Shape[1], known[0] ?? -1, known[1] ?? -1);
        List<NodeAttribute> attributes = [NodeAttribute.Of("mode", mode), NodeAttribute.Of("coordinate_transformation_mode", positions)];
        if (mode == "nearest")
        {
            attributes.Add(NodeAttribute.Of("nearest_mode", corners || centers ? "round_prefer_ceil" : "floor"));
        }

        Term outer = draft.Slice(draft.Shape(input), [new SliceRange(0, 0, 2, 1)]);
        return layout.FromOnnx(draft, draft.Node("Resize", [input, null, null, draft.Concat([outer, sizes], 0)], input.Type, shape, [.. attributes]));
    }

    private static Term Rearrange(OperatorCall call, string operation)
    {
        ImageLayout layout = ImageLayout.Of(call, 4);
        Term input = layout.ToOnnx(call.Draft, call.Tensor(0));
        long block = call.Attribute("block_size", 1L);
        (long depth, long space) = operation == "DepthToSpace" ? (-1L, 1L) : (1L, -1L);
        long Scaled(long size, long direction, long by) => size < 0 ? -1 : direction > 0 ? size * by : size / by;
        PartialShape shape = new(
            input.Shape[0], Scaled(input.Shape[1], depth, block * block), Scaled(input.Shape[2], space, block), Scaled(input.Shape[3], space, block));
        return layout.FromOnnx(call.Draft, call.Draft.Node(operation, [input], input.Type, shape, NodeAttribute.Of("blocksize", block)));
    }

    // The chosen ones, their scores where they are given back, and how many they are; filled up with zeros where that is asked for.
    private static IReadOnlyList<Value> Padded(OperatorCall call, Term chosen, Term? scores)
    {
        Draft draft = call.Draft;
        Term count = draft.Reshape(draft.Shape(chosen), draft.Integers([]));
        Term missing = draft.Sub(draft.Reshape(draft.Long(call.Tensor(2)), 1), draft.Shape(chosen));
        Term Filled(Term term) => call.Flag("pad_to_max_output_size")
            ? draft.Node("Pad", [term, draft.Concat([draft.Integers([0]), missing], 0)], term.Type, new PartialShape(-1))
            : term;
        Term number = draft.Cast(count, OnnxDataType.Int32, isLossless: true);
        return scores is null ? [Filled(chosen), number] : [Filled(chosen), Filled(draft.Gather(scores, chosen, 0)), number];
    }

    private static Term Suppress(OperatorCall call, Term? least)
    {
        Draft draft = call.Draft;
        Term boxes = draft.Unsqueeze(call.Tensor(0), 0);
        Term scores = draft.Unsqueeze(draft.Unsqueeze(call.Tensor(1), 0), 0);
        Term? One(Term? number) => number is null ? null : draft.Reshape(number, 1);
        Term chosen = draft.Node(
            "NonMaxSuppression", [boxes, scores, One(draft.Long(call.Tensor(2))), One(call.Tensor(3)), One(least)], OnnxDataType.Int64, new PartialShape(-1, 3));
        return draft.Cast(draft.Gather(chosen, draft.Scalar(2, OnnxDataType.Int64), 1), OnnxDataType.Int32, isLossless: true);
    }
}
