using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Core;

/// <summary>Makes a decimal an element of a tensor. Implemented by empty structs, so that a loop over a rounding compiles to straight code.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IDecimalRounding<T>
    where T : unmanaged
{
    /// <summary>The value that is nearest, ties to even; false when the type has none or a slower way has to find it.</summary>
    static abstract bool TryRound(in PlainDecimal number, out T value);
}

/// <summary>To binary32.</summary>
internal readonly struct SingleRounding : IDecimalRounding<float>
{
    // The bits of a binary64 that a binary32 lacks, the value of them that lies exactly between two binary32, and how far a product may be from the true value.
    private const long Lost = (1L << 29) - 1;
    private const long Halfway = 1L << 28;
    private const long Error = 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRound(in PlainDecimal number, out float value)
    {
        // The digits are rounded to binary64, so is the inverse of the power of ten, and their product again: less than three units of its last place in all.
        // Rounding once more to binary32 gives what rounding the true value does, unless a value halfway between two binary32 lies within that error.
        double wide = number.Digits * PowersOfTen.Inverse[number.Behind + (number.Sign * PowersOfTen.Negatives)];
        long lost = BitConverter.DoubleToInt64Bits(wide) & Lost;
        if ((ulong)(lost - (Halfway - Error)) <= 2 * Error)
        {
            bool isDone = TryRoundExactly(number.Digits, number.Places, number.Sign, out float exact);
            value = exact;
            return isDone;
        }

        value = (float)wide;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryRoundExactly(long digits, int places, int sign, out float value)
    {
        bool done = DecimalRounding.TryToSingle((ulong)digits, -places, out value);
        value = sign == 0 ? value : -value;
        return done;
    }
}

/// <summary>To binary64.</summary>
internal readonly struct DoubleRounding : IDecimalRounding<double>
{
    private const long MostExact = 1L << 53;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRound(in PlainDecimal number, out double value)
    {
        // Digits and power are both exact in binary64, so that one rounding is all there is (Clinger 1990).
        if (number.Digits > MostExact)
        {
            bool isDone = TryRoundExactly(number.Digits, number.Places, number.Sign, out double exact);
            value = exact;
            return isDone;
        }

        double size = number.Digits / PowersOfTen.Exact[number.Places];
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(size) | ((ulong)number.Sign << 63));
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryRoundExactly(long digits, int places, int sign, out double value)
    {
        bool done = DecimalRounding.TryToDouble((ulong)digits, -places, out value);
        value = sign == 0 ? value : -value;
        return done;
    }
}

/// <summary>To an integer: only numbers without a point, that fit; no minus sign for a type without one.</summary>
internal readonly struct IntegerRounding<T> : IDecimalRounding<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRound(in PlainDecimal number, out T value)
    {
        long wide = (number.Digits ^ -number.Sign) + number.Sign;
        value = T.CreateTruncating(wide);
        return number.Places == 0
            && wide >= long.CreateSaturating(T.MinValue) && wide <= long.CreateSaturating(T.MaxValue)
            && (number.Sign == 0 || T.MinValue != T.Zero);
    }
}
