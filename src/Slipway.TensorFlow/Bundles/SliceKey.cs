using System.Text;

namespace Slipway.TensorFlow.Bundles;

/// <summary>A slice's key: the tensor's name and, for each dimension, where the slice begins and how long it is (-1: all of it).</summary>
/// <remarks>Encoded so that byte order is the order of the parts; see <c>tensorflow/core/lib/strings/ordered_code.h</c>.</remarks>
internal sealed record SliceKey(string Name, IReadOnlyList<(long Start, long Length)> Extents)
{
    private const int MaxRank = 64;

    /// <summary>Decodes a key; null when it is none of a slice.</summary>
    public static SliceKey? TryParse(ReadOnlySpan<byte> key)
    {
        int position = 0;
        if (!TryReadUnsigned(key, ref position, out ulong zero) || zero != 0 || !TryReadText(key, ref position, out string name)
            || !TryReadUnsigned(key, ref position, out ulong rank) || rank > MaxRank)
        {
            return null;
        }

        (long Start, long Length)[] extents = new (long, long)[rank];
        for (int i = 0; i < extents.Length; i++)
        {
            if (!TryReadSigned(key, ref position, out long start) || !TryReadSigned(key, ref position, out long length))
            {
                return null;
            }

            extents[i] = (start, length);
        }

        return position == key.Length ? new SliceKey(name, extents) : null;
    }

    private static bool TryReadUnsigned(ReadOnlySpan<byte> key, ref int position, out ulong value)
    {
        value = 0;
        if (position >= key.Length || key[position] > 8 || key[position] > key.Length - position - 1)
        {
            return false;
        }

        for (int count = key[position++]; count > 0; count--)
        {
            value = (value << 8) | key[position++];
        }

        return true;
    }

    private static bool TryReadText(ReadOnlySpan<byte> key, ref int position, out string text)
    {
        List<byte> bytes = [];
        text = "";
        while (position + 1 < key.Length)
        {
            byte value = key[position++];
            if (value is 0x00 or 0xFF)
            {
                byte escape = key[position++];
                if (value == 0x00 && escape == 0x01)
                {
                    text = Encoding.UTF8.GetString([.. bytes]);
                    return true;
                }

                if ((value, escape) is not ((0x00, 0xFF) or (0xFF, 0x00)))
                {
                    return false;
                }
            }

            bytes.Add(value);
        }

        return false;
    }

    // The count of leading one bits (of zero bits for negative numbers) is the number of bytes; the sign bit, inverted, comes first.
    private static bool TryReadSigned(ReadOnlySpan<byte> key, ref int position, out long value)
    {
        value = 0;
        if (position >= key.Length)
        {
            return false;
        }

        bool negative = key[position] < 0x80;
        byte mask = negative ? (byte)0xFF : (byte)0;
        int length = 0;
        while (length < 10 && position + (length / 8) < key.Length && (((key[position + (length / 8)] ^ mask) >> (7 - (length % 8))) & 1) == 1)
        {
            length++;
        }

        if (length is 0 or > 9 || length > key.Length - position)
        {
            return false;
        }

        // What is left of the header is the number in two's complement with the header's bits taken out.
        ulong bits = 0;
        for (int i = 0; i < length; i++)
        {
            byte part = (byte)(key[position + i] ^ mask);
            int header = Math.Clamp(length - (8 * i), 0, 8);
            bits = (bits << 8) | (byte)(header >= 8 ? 0 : part & (0xFF >> header));
        }

        position += length;
        value = negative ? (long)~bits : (long)bits;
        return true;
    }
}
