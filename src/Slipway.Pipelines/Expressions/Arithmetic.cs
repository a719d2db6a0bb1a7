using System.Globalization;
using System.Text;

namespace Slipway.Pipelines.Expressions;

/// <summary>What operators and functions compute. Whole numbers never wrap around; numbers follow IEEE 754.</summary>
internal static class Arithmetic
{
    /// <summary>Most characters of a text.</summary>
    public const int MaxText = 64 << 10;

    private const int MaxPattern = 1024;
    private const double TwoTo63 = 9223372036854775808.0;

    public static long Add(long a, long b) => ((a ^ unchecked(a + b)) & (b ^ unchecked(a + b))) < 0 ? throw Overflow() : unchecked(a + b);

    public static long Subtract(long a, long b) => ((a ^ b) & (a ^ unchecked(a - b))) < 0 ? throw Overflow() : unchecked(a - b);

    public static long Multiply(long a, long b)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == low >> 63 ? low : throw Overflow();
    }

    /// <summary>Division rounded down.</summary>
    public static long DivideDown(long a, long b)
    {
        if (b == 0)
        {
            throw ExpressionFailure.InRow("a whole number is divided by zero");
        }

        if (b == -1)
        {
            return Negate(a);
        }

        long quotient = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    /// <summary>What division rounded down leaves: it has the sign of the divisor.</summary>
    public static long Modulo(long a, long b)
    {
        if (b == 0)
        {
            throw ExpressionFailure.InRow("a whole number is divided by zero");
        }

        long rest = b == -1 ? 0 : a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    public static long Negate(long a) => a == long.MinValue ? throw Overflow() : -a;

    public static long Absolute(long a) => a < 0 ? Negate(a) : a;

    /// <summary>Compares a whole number and a number exactly, without rounding either; null when the number is NaN.</summary>
    public static int? Compare(long a, double b)
    {
        if (double.IsNaN(b))
        {
            return null;
        }

        if (b >= TwoTo63)
        {
            return -1;
        }

        if (b < -TwoTo63)
        {
            return 1;
        }

        long whole = (long)b;
        return a != whole ? a.CompareTo(whole) : 0.0.CompareTo(b - whole);
    }

    /// <summary>The whole part of a number.</summary>
    public static long ToInteger(double a) => a is >= -TwoTo63 and < TwoTo63
        ? (long)a
        : throw ExpressionFailure.InRow("a number has no whole part of 64 bits (it is missing, infinite or too large)");

    public static double Round(double a, long digits) => digits is >= 0 and <= 15
        ? Math.Round(a, (int)digits, MidpointRounding.ToEven)
        : throw ExpressionFailure.InRow("0 to 15 digits are expected to round to");

    public static string Join(string a, string b) => a.Length + b.Length <= MaxText
        ? a + b
        : throw ExpressionFailure.InRow($"a text would be longer than {MaxText} characters");

    /// <summary>Whether a text holds another; what is looked for is short, as looking takes the product of both lengths at worst.</summary>
    public static bool Contains(string a, string b) => b.Length <= MaxPattern || b.Length > a.Length
        ? a.Contains(b, StringComparison.Ordinal)
        : throw ExpressionFailure.InRow($"at most {MaxPattern} characters can be looked for in a text");

    /// <summary>How many code points a text has.</summary>
    public static long Length(string a)
    {
        long count = 0;
        foreach (Rune _ in a.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    public static string ToText(double a) => a.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The number that a text says; NaN, which is missing, when it says none.</summary>
    public static double ToNumber(string a) => double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static Slipway.Core.SlipwayException Overflow() => ExpressionFailure.InRow("a whole number would not fit 64 bits");
}
