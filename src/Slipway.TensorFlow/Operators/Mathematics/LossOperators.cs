using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Operators.Shapes;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Losses and scores that some signatures give beside predictions. Their gradients are not converted.</summary>
internal static class LossOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("SoftmaxCrossEntropyWithLogits", static call => Loss(call, call.Tensor(1))),
        new("SparseSoftmaxCrossEntropyWithLogits", static call => Loss(call, null)),
        KnownOperator.Of("InTopK", static call => InTop(call, call.Draft.Scalar(call.Attribute("k", 1L), OnnxDataType.Int64))),
        KnownOperator.Of("InTopKV2", static call => InTop(call, call.Draft.Long(call.Tensor(2)))),
    ];

    private static IReadOnlyList<Value> Loss(OperatorCall call, Term? weights)
    {
        Draft draft = call.Draft;
        Term logits = call.Tensor(0);
        Term logarithms = draft.Node("LogSoftmax", [logits], logits.Type, logits.Shape, NodeAttribute.Of("axis", -1));
        Term loss = weights is null
            ? draft.Neg(At(draft, logarithms, call.Tensor(1)))
            : draft.Neg(draft.Reduce("ReduceSum", draft.Mul(weights, logarithms), [1], keepDimensions: false));
        return [loss, new MissingValue("gradients are for training")];
    }

    // As many predictions are larger than that of the target as may be.
    private static Term InTop(OperatorCall call, Term count)
    {
        Draft draft = call.Draft;
        Term predictions = call.Tensor(0);
        Term own = draft.Unsqueeze(At(draft, predictions, call.Tensor(1)), 1);
        Term larger = draft.Reduce("ReduceSum", draft.Cast(draft.Greater(predictions, own), OnnxDataType.Int64), [1], keepDimensions: false);
        return draft.Less(larger, count);
    }

    private static Term At(Draft draft, Term rows, Term columns) => GatherOperators.GatherNd(draft, rows, draft.Unsqueeze(draft.Long(columns), 1), 1);
}
