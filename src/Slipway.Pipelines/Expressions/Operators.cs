namespace Slipway.Pipelines.Expressions;

/// <summary>Kinds and nodes of operators.</summary>
internal static class Operators
{
    /// <summary>Arithmetic: whole numbers stay whole but for <c>/</c>; with a number they become numbers.</summary>
    public static Compiled Arithmetic(Place at, string sign, Compiled left, Compiled right)
    {
        if (sign == "+" && left.Kind is (ValueKind.Text or ValueKind.Unknown) && right.Kind is (ValueKind.Text or ValueKind.Unknown) && (left.Kind == ValueKind.Text || right.Kind == ValueKind.Text))
        {
            return left.Kind == right.Kind ? Compiled.Of(Compiled.Map<string, string, string>(left, right, Expressions.Arithmetic.Join)) : new Compiled(ValueKind.Text, null);
        }

        RequireNumber(at, sign, left);
        RequireNumber(at, sign, right);
        if (left.Kind == ValueKind.Unknown || right.Kind == ValueKind.Unknown)
        {
            return new Compiled(sign == "/" ? ValueKind.Number : ValueKind.Unknown, null);
        }

        if (sign == "/" || left.Kind == ValueKind.Number || right.Kind == ValueKind.Number)
        {
            return sign switch
            {
                "+" => Compiled.Of(Compiled.Map<double, double, double>(left, right, static (a, b) => a + b)),
                "-" => Compiled.Of(Compiled.Map<double, double, double>(left, right, static (a, b) => a - b)),
                "*" => Compiled.Of(Compiled.Map<double, double, double>(left, right, static (a, b) => a * b)),
                "/" => Compiled.Of(Compiled.Map<double, double, double>(left, right, static (a, b) => a / b)),
                _ => throw ExpressionFailure.At(at, $"'{sign}' divides whole numbers: make them whole with int(…), or use /"),
            };
        }

        return Compiled.Of(Compiled.Map<long, long, long>(left, right, sign switch
        {
            "+" => Expressions.Arithmetic.Add,
            "-" => Expressions.Arithmetic.Subtract,
            "*" => Expressions.Arithmetic.Multiply,
            "//" => Expressions.Arithmetic.DivideDown,
            _ => Expressions.Arithmetic.Modulo,
        }));
    }

    /// <summary>Comparisons. Numbers of both kinds are compared exactly; texts and truths for equality only; NaN equals nothing.</summary>
    public static Compiled Compare(Place at, string sign, Compiled left, Compiled right)
    {
        bool isEquality = sign is "==" or "!=";
        foreach (Compiled side in (ReadOnlySpan<Compiled>)[left, right])
        {
            if (!isEquality && side.Kind is (ValueKind.Text or ValueKind.Truth))
            {
                throw ExpressionFailure.At(at, $"'{sign}' compares numbers, not {side.Kind.Word()}");
            }
        }

        if (left.Kind == ValueKind.Unknown || right.Kind == ValueKind.Unknown)
        {
            return new Compiled(ValueKind.Truth, null);
        }

        if (IsNumber(left) && IsNumber(right))
        {
            return Compiled.Of(CompareNumbers(sign, left, right));
        }

        if (left.Kind != right.Kind)
        {
            throw ExpressionFailure.At(at, $"{left.Kind.Word()} is compared with {right.Kind.Word()}");
        }

        return Compiled.Of(left.Kind == ValueKind.Text
            ? sign == "==" ? Compiled.Map<string, string, bool>(left, right, static (a, b) => a == b) : Compiled.Map<string, string, bool>(left, right, static (a, b) => a != b)
            : sign == "==" ? Compiled.Map<bool, bool, bool>(left, right, static (a, b) => a == b) : Compiled.Map<bool, bool, bool>(left, right, static (a, b) => a != b));
    }

    /// <summary>Whether a value is a number of either kind.</summary>
    public static bool IsNumber(Compiled value) => value.Kind is ValueKind.Integer or ValueKind.Number;

    /// <summary>The kind that both of two values can be given as.</summary>
    public static ValueKind Unify(Place at, Compiled left, Compiled right) => (left.Kind, right.Kind) switch
    {
        (var same, var other) when same == other => same,
        (ValueKind.Unknown, _) or (_, ValueKind.Unknown) => ValueKind.Unknown,
        (ValueKind.Integer, ValueKind.Number) or (ValueKind.Number, ValueKind.Integer) => ValueKind.Number,
        _ => throw ExpressionFailure.At(at, $"both are expected to be of one kind, and one is {left.Kind.Word()}, the other {right.Kind.Word()}"),
    };

    /// <summary>Refuses what is no number.</summary>
    public static void RequireNumber(Place at, string what, Compiled value)
    {
        if (value.Kind is not (ValueKind.Integer or ValueKind.Number or ValueKind.Unknown))
        {
            throw ExpressionFailure.At(at, $"'{what}' takes numbers, not {value.Kind.Word()}");
        }
    }

    private static Node<bool>? CompareNumbers(string sign, Compiled left, Compiled right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Integer, ValueKind.Integer) => Compiled.Map<long, long, bool>(left, right, sign switch
        {
            "==" => static (a, b) => a == b,
            "!=" => static (a, b) => a != b,
            "<" => static (a, b) => a < b,
            "<=" => static (a, b) => a <= b,
            ">" => static (a, b) => a > b,
            _ => static (a, b) => a >= b,
        }),
        (ValueKind.Number, ValueKind.Number) => Compiled.Map<double, double, bool>(left, right, sign switch
        {
            "==" => static (a, b) => a == b,
            "!=" => static (a, b) => a != b,
            "<" => static (a, b) => a < b,
            "<=" => static (a, b) => a <= b,
            ">" => static (a, b) => a > b,
            _ => static (a, b) => a >= b,
        }),
        (ValueKind.Integer, _) => Compiled.Map<long, double, bool>(left, right, Mixed(sign)),
        _ => Compiled.Map<long, double, bool>(right, left, Mixed(Turned(sign))),
    };

    // Comparisons with null are false, as those with NaN are.
    private static Func<long, double, bool> Mixed(string sign) => sign switch
    {
        "==" => static (a, b) => Expressions.Arithmetic.Compare(a, b) == 0,
        "!=" => static (a, b) => Expressions.Arithmetic.Compare(a, b) != 0,
        "<" => static (a, b) => Expressions.Arithmetic.Compare(a, b) < 0,
        "<=" => static (a, b) => Expressions.Arithmetic.Compare(a, b) <= 0,
        ">" => static (a, b) => Expressions.Arithmetic.Compare(a, b) > 0,
        _ => static (a, b) => Expressions.Arithmetic.Compare(a, b) >= 0,
    };

    private static string Turned(string sign) => sign switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => sign,
    };
}
