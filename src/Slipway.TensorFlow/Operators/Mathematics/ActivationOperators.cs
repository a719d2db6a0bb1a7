using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.Mathematics;

/// <summary>Activation functions.</summary>
internal static class ActivationOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        .. new[] { "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Elu", "Selu" }.Select(static name => KnownOperator.Of(name, call => call.Draft.Unary(name, call.Tensor(0)))),
        KnownOperator.Of("Relu6", static call => call.Draft.Clip(call.Tensor(0), call.Draft.Scalar(0, call.Tensor(0).Type), call.Draft.Scalar(6, call.Tensor(0).Type))),
        KnownOperator.Of("LeakyRelu", static call => call.Draft.Unary("LeakyRelu", call.Tensor(0), NodeAttribute.Of("alpha", call.Attribute("alpha", 0.2f)))),
        KnownOperator.Of("Softmax", static call => LastDimension(call, "Softmax")),
        KnownOperator.Of("LogSoftmax", static call => LastDimension(call, "LogSoftmax")),
    ];

    private static Term LastDimension(OperatorCall call, string operation)
    {
        Term logits = call.Tensor(0);
        if (logits.Shape.HasRank && Layouts.PermutationOf(logits) is { } permutation)
        {
            Term source = logits.Producer!.Inputs[0]!;
            return call.Draft.Transpose(call.Draft.Node(operation, [source], source.Type, source.Shape, NodeAttribute.Of("axis", permutation[^1])), permutation);
        }

        return call.Draft.Node(operation, [logits], logits.Type, logits.Shape, NodeAttribute.Of("axis", -1));
    }
}
