using System.Buffers.Binary;

namespace Slipway.Protocols.Tensors;

/// <summary>The layout of string tensors: for each element a 32-bit little-endian length and that many bytes.</summary>
internal static class PackedStrings
{
    /// <summary>Bytes of the length in front of each element.</summary>
    public const int PrefixLength = sizeof(uint);

    /// <summary>Counts the elements; false when the bytes do not end with the last of them.</summary>
    public static bool TryCount(ReadOnlySpan<byte> packed, out long count)
    {
        count = 0;
        while (!packed.IsEmpty)
        {
            if (!TryReadNext(ref packed, out _))
            {
                return false;
            }

            count++;
        }

        return true;
    }

    /// <summary>Takes one element off the front; false when there is no whole one.</summary>
    public static bool TryReadNext(ref ReadOnlySpan<byte> packed, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(packed, out uint length) || length > (uint)(packed.Length - PrefixLength))
        {
            return false;
        }

        element = packed.Slice(PrefixLength, (int)length);
        packed = packed[(PrefixLength + (int)length)..];
        return true;
    }

    /// <summary>Writes one element to the front of <paramref name="target"/>, and moves on behind it.</summary>
    public static void Write(ref Span<byte> target, ReadOnlySpan<byte> element)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, element.Length);
        element.CopyTo(target[PrefixLength..]);
        target = target[(PrefixLength + element.Length)..];
    }
}
