using System.Text;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>
/// Branches as TensorFlow 1 wrote them: a Switch hands a value on to one of two sides, a Merge takes what comes of the side that was taken. Where the condition is known the other side is dead; where it
/// is not, what is made of a Switch's value stays in a graph of its own, and each Merge is an If over two of them.
/// </summary>
internal static class OldBranchOperators
{
    private const string Limits = "Merge of the two sides of one condition";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("Switch", Switch, Limits),
        new("RefSwitch", Switch, Limits),
        new("Merge", Merge, Limits),
        new("RefMerge", Merge, Limits),
    ];

    private static IReadOnlyList<Value> Switch(OperatorCall call)
    {
        if (call.Tensor(1).KnownIntegers is [var taken])
        {
            return [taken == 0 ? call.Inputs[0] : DeadValue.Instance, taken == 0 ? DeadValue.Instance : call.Inputs[0]];
        }

        if (Path(call) is not { Length: > 0 } path)
        {
            throw OperatorCall.NotSupported("its condition is computed when the model runs, and which branches it belongs to can't be told");
        }

        return [Side(call, [.. path[..^1], "-" + path[^1][1..]]), Side(call, [.. path[..^1], "+" + path[^1][1..]])];
    }

    // Handles are the same on both sides; values are computed with on the side that is taken only.
    private static Value Side(OperatorCall call, string[] path)
    {
        if (call.Inputs[0] is TensorListValue)
        {
            throw OperatorCall.NotSupported("a list of tensors in a branch whose condition is computed when the model runs is not converted");
        }

        if (call.Inputs[0] is not ITermSource source)
        {
            return call.Inputs[0];
        }

        Scope scope = call.Frame.BranchOf(path, call.Draft.Root);
        return scope.Lies(within: source.Term.Scope) ? Draft.Capture(source.Term, scope) : throw OperatorCall.NotSupported("its branches are not put together as TensorFlow does it");
    }

    private static IReadOnlyList<Value> Merge(OperatorCall call)
    {
        AttributeValue? branches = call.Value(OldBranches.Attribute);
        int count = branches is null ? call.Inputs.Count : 2;
        int[] live = [.. Enumerable.Range(0, count).Where(index => call.Inputs[index] is not DeadValue)];
        if (live.Length == 0)
        {
            return [DeadValue.Instance];
        }

        if (live.Length == 1)
        {
            return Taken(call, live[0]);
        }

        if (branches?.Integer is not { } whenTrue)
        {
            throw OperatorCall.NotSupported("which of its inputs is taken can't be told from the graph");
        }

        return call.Tensor(2).KnownIntegers is [var known] ? Taken(call, (int)(known != 0 ? whenTrue : 1 - whenTrue)) : Choose(call, (int)whenTrue);
    }

    private static IReadOnlyList<Value> Taken(OperatorCall call, int index) =>
        call.Inputs[index] is MissingValue missing ? [missing] : [call.Inputs[index], call.Draft.Scalar(index, OnnxDataType.Int32)];

    private static IReadOnlyList<Value> Choose(OperatorCall call, int whenTrue)
    {
        if (call.TryTensor(whenTrue) is not { } then || call.TryTensor(1 - whenTrue) is not { } otherwise)
        {
            return [new MissingValue(null)];
        }

        if (then.Type != otherwise.Type)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "its branches have results of different types");
        }

        Draft draft = call.Draft;
        Term condition = draft.Cast(call.Tensor(2), OnnxDataType.Bool);
        string[] path = Path(call)!;
        IReadOnlyList<Term> chosen = draft.Control(
            "If",
            [condition],
            [Body(call, "then_branch", then, [.. path[..^1], "+" + path[^1][1..]]), Body(call, "else_branch", otherwise, [.. path[..^1], "-" + path[^1][1..]])],
            [(then.Type, then.Shape.Join(otherwise.Shape))]);
        Term index = draft.Cast(whenTrue == 1 ? condition : draft.Not(condition), OnnxDataType.Int32);
        return [chosen[0], index];
    }

    private static StepBody Body(OperatorCall call, string attribute, Term result, string[] path)
    {
        Scope scope = call.Frame.BranchOf(path, call.Draft.Root);
        return scope.Lies(within: result.Scope) ? new StepBody(attribute, scope, [], [result]) : throw OperatorCall.NotSupported("its branches are not put together as TensorFlow does it");
    }

    private static string[]? Path(OperatorCall call) => call.Value(OldBranches.Attribute)?.List is { } list ? [.. list.Select(static branch => Encoding.UTF8.GetString(branch.Bytes ?? []))] : null;
}
