using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Slipway.Core;

/// <summary>
/// The way that nearly all numbers in requests take: a sign, a few digits, a point, at most sixteen digits more, no exponent, and text behind it. One check of the
/// room does for the whole number. Everything else is left to <see cref="JsonNumber"/>.
/// </summary>
internal static class ShortDecimal
{
    // Sign, eight digits, point, sixteen digits, and the byte behind them.
    private const int Room = 32;
    private const int MostWholeDigits = 8;
    private const ulong ExactInSingle = 1 << 24;

    private static readonly float[] Powers = [1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f];

    /// <summary>Reads a number as binary32; says false, and stays, when it is of another form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        value = 0;
        if (text.Length - position < Room)
        {
            return false;
        }

        ReadOnlySpan<byte> window = text.Slice(position, Room);
        int at = window[0] == '-' ? 1 : 0;
        int first = at;
        ulong digits = (uint)window[at] - '0';
        if (digits > 9)
        {
            return false;
        }

        at++;
        uint digit = (uint)window[at] - '0';
        while (digit <= 9)
        {
            digits = (digits * 10) + digit;
            if (++at > MostWholeDigits)
            {
                return false;
            }

            digit = (uint)window[at] - '0';
        }

        // '.' is two below '0'. A leading zero is only allowed alone.
        if (digit != unchecked((uint)-2) || (window[first] == '0' && at - first > 1))
        {
            return false;
        }

        at++;
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(window[at..]);
        int count = DecimalDigits.Count(word);
        if (count is 0 or 8)
        {
            return count == 8 && TryReadLong(window, position, at, digits, ref position, out value);
        }

        digits = (digits * DecimalDigits.PowerOfTen(count)) + DecimalDigits.Parse((word - 0x3030303030303030UL) << (64 - (count << 3)));
        at += count;
        if ((window[at] | 0x20) == 'e')
        {
            return false;
        }

        // Digits and power are both exact in binary32, so that one rounding is all there is (Clinger 1990).
        if (digits <= ExactInSingle)
        {
            value = (uint)digits / Powers[count];
        }
        else if (!DecimalRounding.TryToSingle(digits, -count, out value))
        {
            return false;
        }

        value = first == 1 ? -value : value;
        position += at;
        return true;
    }

    // Eight digits or more behind the point, as the shortest forms of random floats and doubles have.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadLong(ReadOnlySpan<byte> window, int start, int at, ulong digits, ref int position, out float value)
    {
        int point = at;
        ulong before = digits;
        DecimalDigits.Append(window, ref at, ref digits);
        int count = at - point;
        value = 0;
        bool fits = count <= 16 && before < 1000 && (window[at] | 0x20) != 'e' && DecimalRounding.TryToSingle(digits, -count, out value);
        if (fits)
        {
            value = window[0] == '-' ? -value : value;
            position = start + at;
        }

        return fits;
    }
}
