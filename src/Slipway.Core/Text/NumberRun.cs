using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Core;

/// <summary>Reads numbers one after another, as arrays of JSON and rows of CSV hold them, without a call for each.</summary>
internal static class NumberRun
{
    // Separators are looked for in so many bytes at once; the number behind the last of them may begin two bytes further, and is looked at with a word more.
    private const int Block = 64;
    private const int Room = Block + 32;

    // Looking for separators is not worth while for the numbers of short rows, and for this many more when one turned up that is not read by them.
    private const int Few = 4;
    private const int Pause = 16;

    /// <summary>See <see cref="JsonNumber.ReadSingles"/>.</summary>
    // Compiled in full at once: a file may be read before the runtime would get round to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read<T, TRounding>(ReadOnlySpan<byte> text, ref int position, byte separator, Span<T> values, out bool isEnded)
        where T : unmanaged
        where TRounding : struct, IDecimalRounding<T>
    {
        isEnded = false;
        int filler = separator == ' ' ? -1 : ' ';
        int at = position;
        int count = 0;
        int nextRun = Few;
        while (true)
        {
            // 1. Numbers between separators that are known beforehand: the processor begins with the next one before it knows where this one ends.
            if (count >= nextRun)
            {
                nextRun = count + Pause;
                for (int block = at; text.Length - block >= Room; block += Block)
                {
                    ulong separators = Find(separator, text.Slice(block, Block));
                    if (separators == 0)
                    {
                        break;
                    }

                    do
                    {
                        int end = block + BitOperations.TrailingZeroCount(separators);
                        if ((uint)count >= (uint)values.Length || !PlainDecimal.TryFind(text, at, end - at, out PlainDecimal known) || !TRounding.TryRound(known, out T rounded))
                        {
                            goto One;
                        }

                        values[count++] = rounded;
                        separators &= separators - 1;
                        at = end + 1;
                        if (text[at] == filler)
                        {
                            at++;
                        }
                    }
                    while (separators != 0);
                }
            }

        One:
            // 2. One that is found together with its end.
            if (count >= values.Length || !PlainDecimal.TryFind(text, at, out PlainDecimal number))
            {
                break;
            }

            byte behind = text[at + number.Length];
            if ((behind != separator && (behind | 0x20) == 'e') || !TRounding.TryRound(number, out T value))
            {
                break;
            }

            values[count++] = value;
            at += number.Length;
            if (behind != separator)
            {
                isEnded = true;
                break;
            }

            at++;
            if ((uint)at < (uint)text.Length && text[at] == filler)
            {
                at++;
            }
        }

        position = at;
        return count;
    }

    // A bit for every separator in a block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(byte separator, ReadOnlySpan<byte> block)
    {
        Vector256<byte> wanted = Vector256.Create(separator);
        ulong upper = Vector256.Equals(Vector256.Create(block[Vector256<byte>.Count..]), wanted).ExtractMostSignificantBits();
        return Vector256.Equals(Vector256.Create(block), wanted).ExtractMostSignificantBits() | (upper << Vector256<byte>.Count);
    }
}
