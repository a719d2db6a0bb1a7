using Slipway.Core;
using Slipway.TensorFlow.Evaluation;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>Calls of functions. One that gathers calls into batches is a call like any other: whoever serves the model does that.</summary>
internal static class FunctionOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("PartitionedCall", Call),
        new("StatefulPartitionedCall", Call),
        new("BatchFunction", Call),
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
}
