using System.Numerics;
using Slipway.Pipelines.Expressions;

namespace Slipway.Pipelines.Tests.Expressions;

/// <summary>A plain evaluator of one row that walks the text's tree: slow, obvious, and nothing of it shared with the compiled one. A failure is null.</summary>
internal static class Reference
{
    public static object? Evaluate(Syntax syntax, IReadOnlyDictionary<string, object> row)
    {
        try
        {
            return Walk(syntax, row);
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private static object Walk(Syntax syntax, IReadOnlyDictionary<string, object> row) => syntax switch
    {
        IntegerSyntax whole => whole.Value,
        NumberSyntax number => number.Value,
        TextSyntax text => text.Value,
        TruthSyntax truth => truth.Value,
        NameSyntax name => row[name.Path],
        UnarySyntax { Operator: "not" } not => !(bool)Walk(not.Operand, row),
        UnarySyntax minus => Walk(minus.Operand, row) is long whole ? (object)checked(-whole) : -(double)Walk(minus.Operand, row),
        IfSyntax choice => Widen((bool)Walk(choice.Condition, row) ? Walk(choice.Then, row) : Walk(choice.Else, row), choice, row),
        LetSyntax let => Walk(let.Body, new Dictionary<string, object>(row) { [let.Name] = Walk(let.Value, row) }),
        InSyntax among => among.Choices.Any(choice => Same(Walk(among.Operand, row), Walk(choice, row))) != among.IsNot,
        FoldSyntax fold => Fold(fold, row),
        CallSyntax call => Call(call.Function, [.. call.Arguments.Select(argument => Walk(argument, row))]),
        BinarySyntax { Operator: "and" } and => (bool)Walk(and.Left, row) && (bool)Walk(and.Right, row),
        BinarySyntax { Operator: "or" } or => (bool)Walk(or.Left, row) || (bool)Walk(or.Right, row),
        BinarySyntax binary => Binary(binary.Operator, Walk(binary.Left, row), Walk(binary.Right, row)),
        _ => throw new NotSupportedException(syntax.GetType().Name),
    };

    // The kind of a choice is that of both sides, whichever is taken.
    private static object Widen(object value, IfSyntax choice, IReadOnlyDictionary<string, object> row) =>
        value is long whole && (IsNumber(choice.Then, row) || IsNumber(choice.Else, row)) ? (object)(double)whole : value;

    private static bool IsNumber(Syntax syntax, IReadOnlyDictionary<string, object> row) => syntax switch
    {
        NumberSyntax => true,
        NameSyntax name => row[name.Path] is double,
        UnarySyntax { Operator: "-" } minus => IsNumber(minus.Operand, row),
        BinarySyntax { Operator: "/" } => true,
        BinarySyntax { Operator: "+" or "-" or "*" } binary => IsNumber(binary.Left, row) || IsNumber(binary.Right, row),
        IfSyntax choice => IsNumber(choice.Then, row) || IsNumber(choice.Else, row),
        CallSyntax { Function: "min" or "max" or "abs" } call => call.Arguments.Any(argument => IsNumber(argument, row)),
        LetSyntax let => IsNumber(let.Body, new Dictionary<string, object>(row) { [let.Name] = IsNumber(let.Value, row) ? 0.5 : 1L }),
        FoldSyntax fold => IsNumber(fold.Body, new Dictionary<string, object>(row) { [fold.Name] = 0L }),
        _ => false,
    };

    private static object Binary(string sign, object left, object right)
    {
        if (sign is "==" or "!=")
        {
            return Same(left, right) == (sign == "==");
        }

        if (sign is "<" or "<=" or ">" or ">=")
        {
            return Ordered(sign, left, right);
        }

        if (left is string text)
        {
            return text + (string)right;
        }

        if (left is long a && right is long b && sign != "/")
        {
            return sign switch
            {
                "+" => checked(a + b),
                "-" => checked(a - b),
                "*" => checked(a * b),
                "//" => (long)Floor(a, b),
                _ => (long)(a - (Floor(a, b) * b)),
            };
        }

        (double x, double y) = (Convert.ToDouble(left), Convert.ToDouble(right));
        return sign switch { "+" => x + y, "-" => x - y, "*" => x * y, _ => x / y };
    }

    private static BigInteger Floor(long a, long b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
        return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static bool Ordered(string sign, object left, object right)
    {
        if ((left is double x && double.IsNaN(x)) || (right is double y && double.IsNaN(y)))
        {
            return false;
        }

        int order = left is double || right is double ? Exact(left, right) : ((long)left).CompareTo((long)right);
        return sign switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static bool Same(object left, object right)
    {
        if (left is string or bool)
        {
            return left.Equals(right);
        }

        return !(left is double x && double.IsNaN(x)) && !(right is double y && double.IsNaN(y)) && Exact(left, right) == 0;
    }

    // Both as exact fractions, infinities beyond all of them.
    private static int Exact(object left, object right)
    {
        if (left is double x && double.IsInfinity(x))
        {
            return right is double other && other.Equals(x) ? 0 : x > 0 ? 1 : -1;
        }

        if (right is double y && double.IsInfinity(y))
        {
            return y > 0 ? -1 : 1;
        }

        return Scaled(left).CompareTo(Scaled(right));
    }

    private static BigInteger Scaled(object value)
    {
        if (value is long whole)
        {
            return new BigInteger(whole) << 1100;
        }

        long bits = BitConverter.DoubleToInt64Bits((double)value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52);
        BigInteger scaled = mantissa << (Math.Max(exponent, 1) - 1075 + 1100);
        return bits < 0 ? -scaled : scaled;
    }

    private static object Call(string name, object[] given) => name switch
    {
        "abs" => given[0] is long whole ? (object)Math.Abs(whole) : Math.Abs((double)given[0]),
        "min" => given.All(static one => one is long) ? (object)given.Cast<long>().Min() : given.Select(Convert.ToDouble).Aggregate(Math.Min),
        "max" => given.All(static one => one is long) ? (object)given.Cast<long>().Max() : given.Select(Convert.ToDouble).Aggregate(Math.Max),
        "floor" => Math.Floor(Convert.ToDouble(given[0])),
        "length" => (long)((string)given[0]).EnumerateRunes().Count(),
        "lower" => ((string)given[0]).ToLowerInvariant(),
        "missing" => given[0] is double number ? double.IsNaN(number) : given[0] is "",
        _ => throw new NotSupportedException(name),
    };

    private static object Fold(FoldSyntax fold, IReadOnlyDictionary<string, object> row)
    {
        long from = (long)Walk(fold.From, row);
        long to = (long)Walk(fold.To, row);
        object[] values = [.. Enumerable.Range(0, (int)Math.Max(0, to - from)).Select(i => Walk(fold.Body, new Dictionary<string, object>(row) { [fold.Name] = from + i }))];
        return fold.Function switch
        {
            "any" => values.Any(static value => (bool)value),
            "count" => (long)values.Count(static value => (bool)value),
            _ => IsNumber(fold.Body, new Dictionary<string, object>(row) { [fold.Name] = 0L })
                ? (object)values.Aggregate(0.0, static (sum, value) => sum + Convert.ToDouble(value))
                : values.Aggregate(0L, static (sum, value) => checked(sum + (long)value)),
        };
    }
}
