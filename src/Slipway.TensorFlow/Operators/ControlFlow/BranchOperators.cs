using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.ControlFlow;

/// <summary>Branches: the one that is known to be taken, or ONNX's If.</summary>
internal static class BranchOperators
{
    // Branches that are told apart by their number become one If within the other.
    private const int MaxCases = 64;

    public static IEnumerable<KnownOperator> All { get; } =
    [
        new("If", If),
        new("StatelessIf", If),
        new("Case", Case),
        new("StatelessCase", Case),
    ];

    private static IReadOnlyList<Value> If(OperatorCall call)
    {
        Term condition = call.Tensor(0);
        Value[] arguments = [.. call.Inputs.Skip(1)];
        if (condition.KnownIntegers is [var known])
        {
            return Take(call, FunctionOperators.FunctionOf(call, known != 0 ? "then_branch" : "else_branch"), arguments);
        }

        return Choose(
            call,
            condition,
            arguments,
            captured => Take(call, FunctionOperators.FunctionOf(call, "then_branch"), captured),
            captured => Take(call, FunctionOperators.FunctionOf(call, "else_branch"), captured));
    }

    // What a branch computes from values outside of it is to be computed when the branch is taken, and not before.
    private static Value[] Choose(OperatorCall call, Term condition, Value[] arguments, Func<Value[], IReadOnlyList<Value>> whenTrue, Func<Value[], IReadOnlyList<Value>> whenFalse)
    {
        Scope around = arguments.OfType<TensorValue>().Select(static argument => argument.Term.Scope).Append(condition.Scope).MaxBy(static scope => scope.Depth)!;
        Scope[] scopes = [around.Inner(), around.Inner()];
        IReadOnlyList<Value>[] results = [whenTrue(Captured(arguments, scopes[0])), whenFalse(Captured(arguments, scopes[1]))];
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

    // A number that no branch has means the last one.
    private static IReadOnlyList<Value> Case(OperatorCall call)
    {
        (string Name, IReadOnlyDictionary<string, AttributeValue> Attributes)[] branches = [.. (call.Value("branches")?.List ?? []).Select(static branch => (branch.Function ?? "", branch.FunctionAttributes))];
        if (call.Tensor(0).KnownIntegers is [var index])
        {
            return Take(call, branches[index >= 0 && index < branches.Length ? (int)index : branches.Length - 1], [.. call.Inputs.Skip(1)]);
        }

        return branches.Length is > 0 and <= MaxCases
            ? Among(call, branches, 0, [call.Tensor(0), .. call.Inputs.Skip(1)])
            : throw OperatorCall.NotSupported($"{branches.Length} branches are not converted");
    }

    // The first argument is the number, the others are those of the branches.
    private static IReadOnlyList<Value> Among(OperatorCall call, (string Name, IReadOnlyDictionary<string, AttributeValue> Attributes)[] branches, int first, Value[] arguments)
    {
        if (first == branches.Length - 1)
        {
            return Take(call, branches[first], arguments[1..]);
        }

        Term number = ((ITermSource)arguments[0]).Term;
        return Choose(
            call,
            call.Draft.Equal(number, call.Draft.Scalar(first, number.Type)),
            arguments,
            captured => Take(call, branches[first], captured[1..]),
            captured => Among(call, branches, first + 1, captured));
    }

    private static IReadOnlyList<Value> Take(OperatorCall call, (string Name, IReadOnlyDictionary<string, AttributeValue> Attributes) function, IReadOnlyList<Value> arguments) =>
        call.Evaluator.Call(call.Frame, call.Node.Name, function.Name, arguments, function.Attributes, call.Wanted);

    private static Value[] Captured(Value[] arguments, Scope scope) => [.. arguments.Select(argument => argument is TensorValue tensor ? (Value)Draft.Capture(tensor.Term, scope) : argument)];

    private static Term Result(Value value) => value is ITermSource source ? source.Term : throw OperatorCall.NotSupported("a branch has a result that is no tensor");
}
