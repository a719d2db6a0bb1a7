namespace Slipway.Pipelines.Expressions;

/// <summary>Choices, and what is computed only where it is wanted.</summary>
internal static class Conditional
{
    /// <summary><c>if condition then a else b</c>.</summary>
    public static Compiled Make(Place at, Compiled condition, Compiled then, Compiled otherwise)
    {
        RequireTruth(at, "if", condition);
        ValueKind kind = Operators.Unify(at, then, otherwise);
        return kind switch
        {
            ValueKind.Integer => Compiled.Of(Choose<long>(condition, then, otherwise)),
            ValueKind.Number => Compiled.Of(Choose<double>(condition, then, otherwise)),
            ValueKind.Truth => Compiled.Of(Choose<bool>(condition, then, otherwise)),
            ValueKind.Text => Compiled.Of(Choose<string>(condition, then, otherwise)),
            _ => new Compiled(ValueKind.Unknown, null),
        };
    }

    /// <summary><c>a and b</c> or <c>a or b</c>: the second is computed only for rows that the first does not decide.</summary>
    public static Compiled Join(Place at, string word, Compiled left, Compiled right)
    {
        RequireTruth(at, word, left);
        RequireTruth(at, word, right);
        Compiled decided = Compiled.Of(new ConstantNode<bool>(word == "or"));
        return word == "and" ? Make(at, left, right, decided) : Make(at, left, decided, right);
    }

    /// <summary>Refuses what is neither true nor false.</summary>
    public static void RequireTruth(Place at, string what, Compiled value)
    {
        if (value.Kind is not (ValueKind.Truth or ValueKind.Unknown))
        {
            throw ExpressionFailure.At(at, $"'{what}' takes true or false, not {value.Kind.Word()}");
        }
    }

    private static ChoiceNode<T>? Choose<T>(Compiled condition, Compiled then, Compiled otherwise) =>
        condition.Node is Node<bool> truth && then.As<T>() is { } a && otherwise.As<T>() is { } b
            ? new ChoiceNode<T>(truth, a, b) { Cost = truth.Cost + Math.Max(a.Cost, b.Cost) + 1 }
            : null;
}
