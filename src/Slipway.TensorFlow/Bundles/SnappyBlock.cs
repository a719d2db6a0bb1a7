using Slipway.Core;

namespace Slipway.TensorFlow.Bundles;

/// <summary>Unpacks Snappy's raw block format.</summary>
/// <remarks>https://github.com/google/snappy/blob/main/format_description.txt.</remarks>
internal static class SnappyBlock
{
    /// <summary>Unpacks a block.</summary>
    /// <param name="packed">The block.</param>
    /// <param name="mostBytes">Largest unpacked size that is accepted.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the block is damaged or too large.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int mostBytes)
    {
        int position = 0;
        ulong length = BlockVarint.Read(packed, ref position);

        // No tag makes more than 64 bytes out of two.
        if (length > (ulong)mostBytes || length > (ulong)packed.Length * 64)
        {
            throw Damaged($"says that it unpacks to {length} bytes");
        }

        byte[] output = new byte[length];
        int written = 0;
        while (position < packed.Length)
        {
            byte tag = packed[position++];
            if ((tag & 3) == 0)
            {
                int count = LiteralLength(packed, tag >> 2, ref position);
                if (count > packed.Length - position || count > output.Length - written)
                {
                    throw Damaged("has a literal that is cut off");
                }

                packed.Slice(position, count).CopyTo(output.AsSpan(written));
                position += count;
                written += count;
                continue;
            }

            (int copied, long offset) = ReadCopy(packed, tag, ref position);
            if (offset <= 0 || offset > written || copied > output.Length - written)
            {
                throw Damaged("has a copy from outside of what was unpacked");
            }

            // Source and target may overlap: that is how runs are written.
            for (int end = written + copied; written < end; written++)
            {
                output[written] = output[written - (int)offset];
            }
        }

        return written == output.Length ? output : throw Damaged("ends early");
    }

    private static int LiteralLength(ReadOnlySpan<byte> packed, int code, ref int position)
    {
        if (code < 60)
        {
            return code + 1;
        }

        long length = ReadLittleEndian(packed, code - 59, ref position) + 1;
        return length <= int.MaxValue ? (int)length : throw Damaged("has a literal that is cut off");
    }

    private static (int Length, long Offset) ReadCopy(ReadOnlySpan<byte> packed, byte tag, ref int position) => (tag & 3) switch
    {
        1 => (4 + ((tag >> 2) & 7), ((long)(tag >> 5) << 8) | ReadLittleEndian(packed, 1, ref position)),
        2 => (1 + (tag >> 2), ReadLittleEndian(packed, 2, ref position)),
        _ => (1 + (tag >> 2), ReadLittleEndian(packed, 4, ref position)),
    };

    private static long ReadLittleEndian(ReadOnlySpan<byte> packed, int count, ref int position)
    {
        if (count > packed.Length - position)
        {
            throw Damaged("is cut off");
        }

        long value = 0;
        for (int i = 0; i < count; i++)
        {
            value |= (long)packed[position++] << (8 * i);
        }

        return value;
    }

    private static SlipwayException Damaged(string what) => new(ErrorCode.InvalidModel, $"a compressed block of the variables index {what}: the file is damaged");
}
