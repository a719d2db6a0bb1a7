using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>While loops, as recurrent layers and maps are written: ONNX's Loop.</summary>
internal static class LoopOperators
{
    private const int MaxAttempts = 8;

    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("While", While),
        new("StatelessWhile", While),
    ];

    private static IReadOnlyList<Value> While(OperatorCall call)
    {
        (string condition, _) = FunctionOperators.FunctionOf(call, "cond");
        (string body, _) = FunctionOperators.FunctionOf(call, "body");
        bool[] isInvariant = LoopInvariants.Of(call.Evaluator.Graph.Functions, body, call.Inputs.Count);
        Term begin = Condition(call, condition, call.Inputs);
        if (begin.KnownIntegers is [0])
        {
            return call.Inputs;
        }

        // Sizes that change from round to round are not known in any: begin with what is known at first and give up what does not hold.
        PartialShape[] shapes = [.. call.Inputs.Select(static input => LoopState.ShapeOf(input))];
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            LoopState state = new(call, isInvariant, shapes);
            IReadOnlyList<Value> results = call.Evaluator.Call(call.Frame, call.Node.Name, body, state.Arguments, AttributeValue.Empty, null);
            if (results.Any(static result => result is MissingValue { Reason: null }))
            {
                return [new MissingValue(null)];
            }

            PartialShape[] joined = [.. shapes.Select((shape, i) => isInvariant[i] ? shape : shape.Join(LoopState.ShapeOf(results[i])))];
            if (joined.AsSpan().SequenceEqual(shapes))
            {
                return state.Close(begin, next => Condition(call, condition, next), results);
            }

            shapes = joined;
        }

        throw OperatorCall.NotSupported("the shapes of its variables do not settle");
    }

    private static Term Condition(OperatorCall call, string function, IReadOnlyList<Value> arguments) =>
        call.Evaluator.Call(call.Frame, call.Node.Name, function, arguments, AttributeValue.Empty, null) is [ITermSource result]
            ? call.Draft.Cast(result.Term, OnnxDataType.Bool)
            : throw OperatorCall.NotSupported("its condition can't be converted");
}
