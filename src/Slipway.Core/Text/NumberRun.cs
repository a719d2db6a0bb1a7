using System.Runtime.CompilerServices;

namespace Slipway.Core;

/// <summary>Reads numbers one after another, as arrays of JSON and rows of CSV hold them, without a call for each.</summary>
internal static class NumberRun
{
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
        while (count < values.Length && PlainDecimal.TryFind(text, at, out PlainDecimal number))
        {
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
}
