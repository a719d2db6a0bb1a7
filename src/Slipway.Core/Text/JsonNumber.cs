using System.Globalization;
using System.Runtime.CompilerServices;

namespace Slipway.Core;

/// <summary>
/// Reads numbers as JSON writes them (RFC 8259 §6) at the speed of memory: digits are taken eight at a time, and nearly every value is rounded
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

    private static readonly float[] SinglePowers = [1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    private static readonly double[] DoublePowers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a number as binary32; one too large to be finite becomes an infinity.</summary>
    public static bool TryReadSingle(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        if (ShortDecimal.TryRead(text, ref position, out value))
        {
            return true;
        }

        int start = position;
        if (!TryScan(text, ref position, out Decimal number))
        {
            value = 0;
            return false;
        }

        // Digits and power are both exact in binary32, so that one rounding is all there is (Clinger 1990).
        if (number.Exact && number.Digits <= 1 << 24 && number.Exponent is <= 0 and >= -10)
        {
            value = (uint)number.Digits / SinglePowers[-number.Exponent];
            value = number.Negative ? -value : value;
            return true;
        }

        value = ReadHarderSingle(text[start..position], number);
        return true;
    }

    /// <summary>Reads a number as binary64; one too large to be finite becomes an infinity.</summary>
    public static bool TryReadDouble(ReadOnlySpan<byte> text, ref int position, out double value)
    {
        int start = position;
        if (!TryScan(text, ref position, out Decimal number))
        {
            value = 0;
            return false;
        }

        if (number.Exact && number.Digits <= 1UL << 53 && number.Exponent is <= 0 and >= -22)
        {
            value = number.Digits / DoublePowers[-number.Exponent];
            value = number.Negative ? -value : value;
            return true;
        }

        value = ReadHarderDouble(text[start..position], number);
        return true;
    }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
