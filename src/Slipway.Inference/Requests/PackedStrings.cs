using System.Buffers.Binary;

namespace Slipway.Inference.Requests;

/// <summary>Walks packed strings: for each element a 32-bit little-endian length and that many bytes.</summary>
internal static class PackedStrings
{
    /// <summary>Whether <paramref name="data"/> holds exactly <paramref name="count"/> strings and nothing else.</summary>
    public static bool HasExactly(ReadOnlySpan<byte> data, long count)
    {
        // Each string takes four bytes at least: a huge count over little data is refused without walking.
        if (count > data.Length / sizeof(int))
        {
            return false;
        }

        return TrySkip(data, count, out int length) && length == data.Length;
    }

    /// <summary>Bytes that the first <paramref name="count"/> strings take; false when the data ends before.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> data, long count, out int length)
    {
        length = 0;
        for (long i = 0; i < count; i++)
        {
            if (data.Length - length < sizeof(int))
            {
                return false;
            }

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(data[length..]);
            length += sizeof(int);
            if (size > data.Length - length)
            {
                return false;
            }

            length += (int)size;
        }

        return true;
    }
}
