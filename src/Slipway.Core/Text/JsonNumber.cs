using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Core;

/// <summary>
/// Reads numbers as JSON writes them (RFC 8259 §6) at the speed of memory: digits are taken sixteen at a time, and nearly every value is rounded
/// from 64 bits of digits exactly; the few others go to the framework's parser. Results are the correctly rounded ones, bit for bit.
/// </summary>
/// <remarks>
/// Each method reads one number at the position given and moves it behind; where there is none it says false and the position
/// is left where it was. What follows the number is the caller's business.
/// </remarks>
public static class JsonNumber
{
    // Below this every count of digits fits 64 bits; leading zeros are counted too, which costs a few needless slow turns.
    private const int MaxDigits = 19;

    private const int MaxExponentDigits = 6;

    /// <summary>Reads a number as binary32; one too large to be finite becomes an infinity.</summary>
    public static bool TryReadSingle(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        if (TryReadPlain<float, SingleRounding>(text, ref position, out value))
        {
            return true;
        }

        int start = position;
        if (!TryScan(text, ref position, out Decimal number))
        {
            value = 0;
            return false;
        }

        value = ReadHarderSingle(text[start..position], number);
        return true;
    }

    /// <summary>Reads a number as binary64; one too large to be finite becomes an infinity.</summary>
    public static bool TryReadDouble(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        if (TryReadPlain<double, DoubleRounding>(text, ref position, out value))
        {
            return true;
        }

        int start = position;
        if (!TryScan(text, ref position, out Decimal number))
        {
            value = 0;
            return false;
        }

        value = ReadHarderDouble(text[start..position], number);
        return true;
    }

    /// <summary>
    /// Reads numbers with separators between them as binary32, as far as they come in the plainest form: without exponents and white space, but for one space behind a
    /// separator that is none itself. Stops before the first that doesn't, which may be read by <see cref="TryReadSingle"/> all the same.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="position">The first byte of the first number; moved to the first byte of the next one, or right behind the last when <paramref name="isEnded"/>.</param>
    /// <param name="separator">Byte between numbers.</param>
    /// <param name="values">Takes the numbers; their count is bounded by its length.</param>
    /// <param name="isEnded">Whether something other than a separator stands behind the last number.</param>
    /// <returns>How many numbers were read.</returns>
    public static int ReadSingles(ReadOnlySpan<byte> text, ref int position, byte separator, Span<float> values, out bool isEnded) =>
        NumberRun.Read<float, SingleRounding>(text, ref position, separator, values, out isEnded);

    /// <summary>As <see cref="ReadSingles"/>, as binary64.</summary>
    public static int ReadDoubles(ReadOnlySpan<byte> text, ref int position, byte separator, Span<double> values, out bool isEnded) =>
        NumberRun.Read<double, DoubleRounding>(text, ref position, separator, values, out isEnded);

    /// <summary>As <see cref="ReadSingles"/>, integers that fit the type; stops before a number with a point, and before a minus sign where the type has none.</summary>
    public static int ReadIntegers<T>(ReadOnlySpan<byte> text, ref int position, byte separator, Span<T> values, out bool isEnded)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        NumberRun.Read<T, IntegerRounding<T>>(text, ref position, separator, values, out isEnded);

    /// <summary>Reads an integer that fits 64 bits with a sign. A fraction or an exponent is not part of it: it is left behind <paramref name="position"/>.</summary>
    public static bool TryReadInt64(ReadOnlySpan<byte> text, ref int position, out long value)
    {
        int at = position;
        bool negative = (uint)at < (uint)text.Length && text[at] == '-';
        if (negative)
        {
            at++;
        }

        if (!TryReadUInt64(text, ref at, out ulong size) || size > (negative ? 1UL << 63 : (1UL << 63) - 1))
        {
            value = 0;
            return false;
        }

        position = at;
        value = negative ? unchecked(-(long)size) : (long)size;
        return true;
    }

    /// <summary>Reads an integer from 0 to 2^64 - 1. A fraction or an exponent is not part of it: it is left behind <paramref name="position"/>.</summary>
    public static bool TryReadUInt64(ReadOnlySpan<byte> text, ref int position, out ulong value)
    {
        int at = position;
        value = 0;
        DecimalDigits.Append(text, ref at, ref value);
        int digits = at - position;
        if (digits == 0 || (digits > 1 && text[position] == '0'))
        {
            return false;
        }

        if (digits > MaxDigits && !(digits == 20 && ulong.TryParse(text[position..at], NumberStyles.None, CultureInfo.InvariantCulture, out value)))
        {
            return false;
        }

        position = at;
        return true;
    }

    // The way that nearly all numbers in requests take.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadPlain<T, TRounding>(ReadOnlySpan<byte> text, ref int position, out T value)
        where T : unmanaged
        where TRounding : struct, IDecimalRounding<T>
    {
        if (PlainDecimal.TryFind(text, position, out PlainDecimal number)
            && (text[position + number.Length] | 0x20) != 'e' && TRounding.TryRound(number, out value))
        {
            position += number.Length;
            return true;
        }

        value = default;
        return false;
    }

    private static bool TryScan(ReadOnlySpan<byte> text, ref int position, out Decimal number)
    {
        number = default;
        int at = position;
        if ((uint)at < (uint)text.Length && text[at] == '-')
        {
            number.Negative = true;
            at++;
        }

        int first = at;
        ulong digits = 0;
        uint digit;
        while ((uint)at < (uint)text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            digits = (digits * 10) + digit;
            at++;
        }

        int count = at - first;
        if (count == 0 || (count > 1 && text[first] == '0'))
        {
            return false;
        }

        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            int fraction = ++at;
            DecimalDigits.Append(text, ref at, ref digits);
            if (at == fraction)
            {
                return false;
            }

            number.Exponent = fraction - at;
            count += at - fraction;
        }

        if ((uint)at < (uint)text.Length && (text[at] | 0x20) == 'e' && !TryScanExponent(text, ref at, ref number))
        {
            return false;
        }

        number.Digits = digits;
        number.Exact = count <= MaxDigits && !number.FarExponent;
        position = at;
        return true;
    }

    private static bool TryScanExponent(ReadOnlySpan<byte> text, ref int position, ref Decimal number)
    {
        int at = position + 1;
        bool negative = (uint)at < (uint)text.Length && text[at] == '-';
        if (negative || ((uint)at < (uint)text.Length && text[at] == '+'))
        {
            at++;
        }

        int first = at;
        ulong exponent = 0;
        DecimalDigits.Append(text, ref at, ref exponent);
        if (at == first)
        {
            return false;
        }

        if (at - first > MaxExponentDigits)
        {
            number.FarExponent = true;
        }
        else
        {
            number.Exponent += negative ? -(int)exponent : (int)exponent;
        }

        position = at;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float ReadHarderSingle(ReadOnlySpan<byte> text, in Decimal number)
    {
        if (number.Exact && DecimalRounding.TryToSingle(number.Digits, number.Exponent, out float value))
        {
            return number.Negative ? -value : value;
        }

        return float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double ReadHarderDouble(ReadOnlySpan<byte> text, in Decimal number)
    {
        if (number.Exact && DecimalRounding.TryToDouble(number.Digits, number.Exponent, out double value))
        {
            return number.Negative ? -value : value;
        }

        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>A number taken apart: ±digits · 10^exponent.</summary>
    private struct Decimal
    {
        public ulong Digits;
        public int Exponent;
        public bool Negative;

        /// <summary>Whether <see cref="Digits"/> and <see cref="Exponent"/> hold the whole number.</summary>
        public bool Exact;

        /// <summary>Whether the exponent has more digits than could matter to any finite value with few digits.</summary>
        public bool FarExponent;
    }
}
