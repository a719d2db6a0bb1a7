using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators;

/// <summary>Branches: the one that is known to be taken, or ONNX's If.</summary>
internal static class BranchOperators
{
    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("If", If),
        new("StatelessIf", If),
        new("Case", Case, "an index that is known at conversion"),
        new("StatelessCase", Case, "an index that is known at conversion"),
    ];

    private static IReadOnlyList<Value> If(OperatorCall call)
    {
        Term condition = call.Tensor(0);
        Value[] arguments = [.. call.Inputs.Skip(1)];
        if (condition.KnownIntegers is [var known])
        {
            return Take(call, FunctionOperators.FunctionOf(call, known != 0 ? "then_branch" : "else_branch"), arguments);
        }

        Scope around = arguments.OfType<TensorValue>().Select(static argument => argument.Term.Scope).Append(condition.Scope).MaxBy(static scope => scope.Depth)!;
        Scope[] scopes = [around.Inner(), around.Inner()];
        IReadOnlyList<Value>[] results = [Branch(call, "then_branch", arguments, scopes[0]), Branch(call, "else_branch", arguments, scopes[1])];
        if (results[0].Count != results[1].Count)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "its branches have different numbers of results");
        }

        int[] wanted = [.. call.Wanted.Where(index => index >= 0 && index < results[0].Count).Order()];
        if (wanted.Any(index => results[0][index] is MissingValue { Reason: null } || results[1][index] is MissingValue { Reason: null }))
        {
            return [new MissingValue(null)];
        }

        Term[] then = [.. wanted.Select(index => Result(results[0][index]))];
        Term[] otherwise = [.. wanted.Select(index => Result(results[1][index]))];
        Term truth = call.Draft.Cast(condition, OnnxDataType.Bool);
        IReadOnlyList<Term> outputs = call.Draft.Control(
            "If",
            [truth],
            [new StepBody("then_branch", scopes[0], [], then), new StepBody("else_branch", scopes[1], [], otherwise)],
            [.. then.Zip(otherwise, static (a, b) => a.Type == b.Type ? (a.Type, a.Shape.Join(b.Shape)) : throw new SlipwayException(ErrorCode.InvalidModel, "its branches have results of different types"))]);
        Value[] all = [.. Enumerable.Repeat(new MissingValue("it was not asked for"), results[0].Count)];
        for (int i = 0; i < wanted.Length; i++)
        {
            all[wanted[i]] = outputs[i];
        }

        return all;
    }

    private static IReadOnlyList<Value> Case(OperatorCall call)
    {
        long index = call.Integer(0, "index");
        IReadOnlyList<AttributeValue> branches = call.Value("branches")?.List ?? [];
        AttributeValue taken = branches[index >= 0 && index < branches.Count ? (int)index : branches.Count - 1];
        return Take(call, (taken.Function ?? "", taken.FunctionAttributes), [.. call.Inputs.Skip(1)]);
    }

    private static IReadOnlyList<Value> Take(OperatorCall call, (string Name, IReadOnlyDictionary<string, AttributeValue> Attributes) function, IReadOnlyList<Value> arguments) =>
        call.Evaluator.Call(call.Frame, call.Node.Name, function.Name, arguments, function.Attributes, call.Wanted);

    // What a branch computes from values outside of it is to be computed when the branch is taken, and not before.
    private static IReadOnlyList<Value> Branch(OperatorCall call, string attribute, Value[] arguments, Scope scope) => Take(
        call, FunctionOperators.FunctionOf(call, attribute), [.. arguments.Select(argument => argument is TensorValue tensor ? (Value)Draft.Capture(tensor.Term, scope) : argument)]);

    private static Term Result(Value value) => value is ITermSource source ? source.Term : throw OperatorCall.NotSupported("a branch has a result that is no tensor");
}
