using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Core;

/// <summary>Runs of ASCII decimal digits, eight at a time within one 64-bit word.</summary>
internal static class DecimalDigits
{
    /// <summary>The digit 0, eight times.</summary>
    public const ulong Zeros = 0x3030303030303030UL;

    /// <summary>10^8: the numbers below have at most eight digits.</summary>
    public const uint EightDigits = 100_000_000;

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
            sum = (sum * PowersOfTen[digits]) + Parse((word - Zeros) << (64 - (digits << 3)));
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(ulong word)
    {
        // A digit has the high nibble 3, and still has it after adding 6 (0x30..0x39 → 0x36..0x3F).
        ulong wrong = ((word & 0xF0F0F0F0F0F0F0F0UL) ^ Zeros)
            | (((word + 0x0606060606060606UL) & 0xF0F0F0F0F0F0F0F0UL) ^ Zeros);
        return BitOperations.TrailingZeroCount(wrong) >> 3;
    }

    /// <summary>The number that eight digit values, first in the lowest byte, spell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Parse(ulong values)
    {
        // Pairs, then fours, then all eight: each step adds neighbours in one multiplication.
        values = (values * 10) + (values >> 8);
        return (((values & 0x000000FF000000FFUL) * 0x000F424000000064UL)
            + (((values >> 16) & 0x000000FF000000FFUL) * 0x0000271000000001UL)) >> 32;
    }

    /// <summary>The number that sixteen digit values, first in the first byte, spell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Parse(Vector128<byte> values)
    {
        if (!Sse41.IsSupported)
        {
            return (Parse(values.AsUInt64().ToScalar()) * EightDigits) + Parse(values.AsUInt64().GetElement(1));
        }

        // The same steps in both halves at once: an instruction each, as they are there for sound and pictures.
        Vector128<short> pairs = Ssse3.MultiplyAddAdjacent(values, Vector128.Create(0x010A010A_010A010AUL).AsSByte());
        Vector128<int> fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064_0001_0064UL).AsInt16());
        Vector128<ushort> narrow = Sse41.PackUnsignedSaturate(fours, fours);
        ulong halves = Sse2.MultiplyAddAdjacent(narrow.AsInt16(), Vector128.Create(0x0001_2710_0001_2710UL).AsInt16()).AsUInt64().ToScalar();
        return ((uint)halves * (ulong)EightDigits) + (halves >> 32);
    }

    /// <summary>The eight digit values of a number below <see cref="EightDigits"/>, first in the lowest byte: the reverse of <see cref="Parse(ulong)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Spell(uint number)
    {
        // Halves of four digits, then pairs, then single ones: each step divides in all parts of the word at once, by a multiplication that is exact in its range.
        ulong upper = number / 10_000;
        ulong fours = upper | ((number - (upper * 10_000)) << 32);
        ulong hundreds = ((fours * 10_486) >> 20) & 0x0000007F0000007FUL;
        ulong pairs = hundreds | ((fours - (hundreds * 100)) << 16);
        ulong tens = ((pairs * 103) >> 10) & 0x000F000F000F000FUL;
        return tens | ((pairs - (tens * 10)) << 8);
    }
}
