using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.Pipelines.Tensors;

/// <summary>Elements of tensors of strings: each a 32-bit length and that many bytes.</summary>
internal static class StringElements
{
    /// <summary>Whether the bytes are exactly so many strings.</summary>
    public static bool AreExactly(ReadOnlySpan<byte> packed, long count)
    {
        long found = 0;
        while (!packed.IsEmpty)
        {
            if (packed.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(packed) is var length && (length < 0 || length > packed.Length - sizeof(int)))
            {
                return false;
            }

            packed = packed[(sizeof(int) + length)..];
            found++;
        }

        return found == count;
    }

    /// <summary>Where each string lies, its length prefix not counted.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelFailed"/> when the bytes are not the strings of the shape.</exception>
    public static (int Start, int Length)[] Locate(Tensor tensor)
    {
        ReadOnlySpan<byte> packed = tensor.Data.Span;
        long count = tensor.ElementCount;
        if (!AreExactly(packed, count))
        {
            throw new SlipwayException(ErrorCode.ModelFailed, $"tensor '{tensor.Name}' does not hold the strings of shape {tensor.Shape}");
        }

        (int, int)[] places = new (int, int)[count];
        int at = 0;
        for (int i = 0; i < places.Length; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(packed[at..]);
            places[i] = (at + sizeof(int), length);
            at += sizeof(int) + length;
        }

        return places;
    }
}
