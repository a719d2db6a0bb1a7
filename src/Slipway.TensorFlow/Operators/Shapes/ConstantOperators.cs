using Slipway.Core;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.Shapes;

/// <summary>Constants, placeholders, and operators that hand on what they get.</summary>
internal static class ConstantOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        KnownOperator.Of("Const", Constant),
        KnownOperator.Of("Placeholder", Placeholder),
        KnownOperator.Of("PlaceholderV2", Placeholder),
        new("PlaceholderWithDefault", static call => [call.Inputs[0]]),
        new("NoOp", static _ => [new MissingValue("a node without outputs is asked for one")]),
        KnownOperator.Of("EnsureShape", EnsureShape),
        .. new[] { "Identity", "RefIdentity", "StopGradient", "PreventGradient", "CheckNumerics", "CheckNumericsV2", "Snapshot", "IdentityN", "DeepCopy" }
            .Select(static name => new KnownOperator(name, static call => call.Inputs)),
    ];

    private static Term Constant(OperatorCall call) =>
        call.Draft.Constant(call.Evaluator.Constant(call.Value("value") ?? throw new SlipwayException(ErrorCode.InvalidModel, "it has no value")));

    private static Term Placeholder(OperatorCall call) =>
        throw OperatorCall.NotSupported("it is needed for the signature's outputs, and no input of the signature feeds it");

    private static Term EnsureShape(OperatorCall call)
    {
        Term value = call.Tensor(0);
        return call.Value("shape")?.Shape is { HasRank: true } shape ? Draft.WithShape(value, value.Shape.Refine(shape)) : value;
    }
}
