using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Core;

/// <summary>Runs of ASCII decimal digits, eight at a time within one 64-bit word.</summary>
internal static class DecimalDigits
{
    private static readonly ulong[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>
    /// Appends the digits at <paramref name="position"/> to <paramref name="value"/> and moves behind them. The value wraps round after 19 digits:
    /// the caller counts them by the distance moved.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append(ReadOnlySpan<byte> text, ref int position, ref ulong value)
    {
        int at = position;
        ulong sum = value;
        while (text.Length - at >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);
            int digits = Count(word);
            if (digits == 0)
            {
                break;
            }

            // Digits that aren't there are shifted out below and count as leading zeros.
            sum = (sum * PowersOfTen[digits]) + Parse((word - 0x3030303030303030UL) << (64 - (digits << 3)));
            at += digits;
            if (digits < 8)
            {
                position = at;
                value = sum;
                return;
            }
        }

        uint digit;
        while ((uint)at < (uint)text.Length && (digit = (uint)text[at] - '0') <= 9)
        {
            sum = (sum * 10) + digit;
            at++;
        }

        position = at;
        value = sum;
    }

    /// <summary>10^<paramref name="exponent"/>, for exponents from 0 to 8.</summary>
    public static ulong PowerOfTen(int exponent) => PowersOfTen[exponent];

    /// <summary>How many bytes of a word, from its lowest, are digits.</summary>
    public static int Count(ulong word)
    {
        // A digit has the high nibble 3, and still has it after adding 6 (0x30..0x39 → 0x36..0x3F).
        ulong wrong = ((word & 0xF0F0F0F0F0F0F0F0UL) ^ 0x3030303030303030UL)
            | (((word + 0x0606060606060606UL) & 0xF0F0F0F0F0F0F0F0UL) ^ 0x3030303030303030UL);
        return BitOperations.TrailingZeroCount(wrong) >> 3;
    }

    /// <summary>The number that eight digit values, first in the lowest byte, spell.</summary>
    public static ulong Parse(ulong values)
    {
        // Pairs, then fours, then all eight: each step adds neighbours in one multiplication.
        values = (values * 10) + (values >> 8);
        return (((values & 0x000000FF000000FFUL) * 0x000F424000000064UL)
            + (((values >> 16) & 0x000000FF000000FFUL) * 0x0000271000000001UL)) >> 32;
    }
}
