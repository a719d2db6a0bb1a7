using Slipway.Core;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators;

/// <summary>Calls of functions, and branches.</summary>
internal static class FunctionOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("PartitionedCall", Call),
        new("StatefulPartitionedCall", Call),
        new("Switch", Switch, "a condition that is known at conversion"),
        new("RefSwitch", Switch, "a condition that is known at conversion"),
        new("Merge", Merge, "a condition that is known at conversion"),
        new("RefMerge", Merge, "a condition that is known at conversion"),
    ];

    private static IReadOnlyList<Value> Call(OperatorCall call)
    {
        (string name, var attributes) = FunctionOf(call, "f");
        return call.Evaluator.Call(call.Frame, call.Node.Name, name, call.Inputs, attributes, call.Wanted);
    }

    /// <summary>The function that an attribute names.</summary>
    public static (string Name, IReadOnlyDictionary<string, Graphs.AttributeValue> Attributes) FunctionOf(OperatorCall call, string attribute) =>
        call.Value(attribute) is { Function: { } name } value
            ? (name, value.FunctionAttributes)
            : throw new SlipwayException(ErrorCode.InvalidModel, $"its attribute '{attribute}' names no function");

    private static IReadOnlyList<Value> Switch(OperatorCall call) => call.Tensor(1).KnownIntegers is [var taken]
        ? [taken == 0 ? call.Inputs[0] : DeadValue.Instance, taken == 0 ? DeadValue.Instance : call.Inputs[0]]
        : throw OperatorCall.NotSupported("its condition is computed when the model runs: a branch as TensorFlow 1 wrote it (Switch, Merge) is converted only when the condition is fixed");

    private static IReadOnlyList<Value> Merge(OperatorCall call)
    {
        for (int i = 0; i < call.Inputs.Count; i++)
        {
            if (call.Inputs[i] is not DeadValue)
            {
                return call.Inputs[i] is MissingValue missing ? [missing] : [call.Inputs[i], call.Draft.Scalar(i, Formats.Onnx.OnnxDataType.Int32)];
            }
        }

        return [DeadValue.Instance];
    }
}
