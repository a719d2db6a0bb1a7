using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators.Shapes;
using Slipway.TensorFlow.Operators.Sparse;

namespace Slipway.TensorFlow.Operators.Images;

/// <summary>The boxes that detectors of objects keep: of each class those that overlap none better, and of all of them the best.</summary>
internal static class DetectionOperators
{
    private const int MaxBoxes = 1 << 20;

    public static IEnumerable<KnownOperator> All { get; } = [new("CombinedNonMaxSuppression", Combined, "numbers of boxes to keep that are known at conversion")];

    // boxes [N, B, Q, 4] with Q one or the number of classes, scores [N, B, C].
    private static IReadOnlyList<Value> Combined(OperatorCall call)
    {
        Draft draft = call.Draft;
        Term boxes = call.Tensor(0);
        Term scores = call.Tensor(1);
        long perClass = call.Integer(2, "number of boxes of a class");
        long most = call.Integer(3, "number of boxes");
        if (OperatorCall.Rank(boxes) != 4 || OperatorCall.Rank(scores) != 3 || boxes.Shape[2] < 1 || scores.Shape[2] < 1 || perClass < 1 || most is < 1 or > MaxBoxes)
        {
            throw OperatorCall.NotSupported($"boxes {boxes.Shape} with scores {scores.Shape} are not converted");
        }

        (long each, long classes) = (boxes.Shape[2], scores.Shape[2]);
        if (each != 1 && each != classes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"it has {each} boxes for {classes} classes");
        }

        // Every class is an image of its own where its boxes are: [N · Q, B, 4] and [N · Q, C / Q, B].
        Term byClass = draft.Reshape(draft.Node("Transpose", [boxes], boxes.Type, new PartialShape(boxes.Shape[0], each, boxes.Shape[1], 4), NodeAttribute.Of("perm", [0L, 2, 1, 3])), draft.Concat([draft.Integers([-1]), SparseParts.Size(draft, draft.Shape(boxes), 1), draft.Integers([4])], 0));
        Term turned = draft.Node("Transpose", [scores], scores.Type, new PartialShape(scores.Shape[0], classes, scores.Shape[1]), NodeAttribute.Of("perm", [0L, 2, 1]));
        Term count = SparseParts.Size(draft, draft.Shape(scores), 1);
        Term ranked = draft.Reshape(turned, draft.Concat([draft.Integers([-1, classes / each]), count], 0));
        Term kept = draft.Node(
            "NonMaxSuppression",
            [byClass, ranked, draft.Integers([perClass]), draft.Reshape(call.Tensor(4), 1), draft.Reshape(call.Tensor(5), 1)],
            OnnxDataType.Int64,
            new PartialShape(-1, 3));

        // The scores of what is kept, and less than any score elsewhere: [N, C · B].
        Term floor = draft.Scalar(float.NegativeInfinity, scores.Type);
        Term found = GatherOperators.GatherNd(draft, ranked, kept, 0);
        Term chosen = GatherOperators.ScatterNode(draft, draft.Expand(floor, draft.Shape(ranked)), kept, found, "none");
        Term flat = draft.Reshape(chosen, draft.Concat([SparseParts.Size(draft, draft.Shape(scores), 0), draft.Integers([-1])], 0));
        long size = call.Flag("pad_per_class") ? Math.Min(most, perClass * classes) : most;
        Term wide = draft.Node("Pad", [flat, draft.Integers([0, 0, 0, size]), floor], flat.Type, new PartialShape(scores.Shape[0], -1));
        PartialShape shape = new(scores.Shape[0], size);
        IReadOnlyList<Term> best = draft.Nodes(
            "TopK", [wide, draft.Integers([size])], [(wide.Type, shape), (OnnxDataType.Int64, shape)], NodeAttribute.Of("axis", 1), NodeAttribute.Of("largest", 1), NodeAttribute.Of("sorted", 1));
        Term isBox = draft.Greater(best[0], floor);
        Term place = draft.Where(isBox, best[1], draft.Scalar(0, OnnxDataType.Int64));
        Term group = draft.Div(place, count);
        Term box = draft.Sub(place, draft.Mul(group, count));
        Term owner = each == 1 ? draft.Mul(group, draft.Scalar(0, OnnxDataType.Int64)) : group;
        Term where = draft.Concat([draft.Unsqueeze(box, 2), draft.Unsqueeze(owner, 2)], 2);
        Term corners = GatherOperators.GatherNd(draft, boxes, where, 1);
        Term clipped = call.Flag("clip_boxes", true) ? draft.Clip(corners, draft.Scalar(0, boxes.Type), draft.Scalar(1, boxes.Type)) : corners;
        Term zero = draft.Scalar(0, boxes.Type);
        return
        [
            Draft.WithShape(draft.Where(draft.Unsqueeze(isBox, 2), clipped, zero), new PartialShape(scores.Shape[0], size, 4)),
            draft.Where(isBox, best[0], zero),
            draft.Where(isBox, draft.Cast(group, boxes.Type), zero),
            draft.Reduce("ReduceSum", draft.Cast(isBox, OnnxDataType.Int32), [1], keepDimensions: false),
        ];
    }
}
