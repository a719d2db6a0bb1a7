using System.Buffers.Binary;
using Slipway.Core;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Bundles;

/// <summary>Decodes a tensor of strings: the lengths, a checksum of them, then the bytes. The entry's checksum runs over the lengths as fixed-width numbers, that checksum and the bytes.</summary>
internal static class StringTensor
{
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the bytes are damaged.</exception>
    public static TensorData Decode(string name, BundleEntry entry, byte[] bytes)
    {
        long count = entry.Shape.ElementCount();
        if (count > bytes.Length)
        {
            throw Damaged(name);
        }

        int position = 0;
        int[] lengths = new int[count];
        uint checksum = 0;
        Span<byte> fixedWidth = stackalloc byte[8];
        for (int i = 0; i < lengths.Length; i++)
        {
            ulong length = BlockVarint.Read(bytes, ref position);
            lengths[i] = length <= (ulong)bytes.Length ? (int)length : throw Damaged(name);
            BinaryPrimitives.WriteUInt32LittleEndian(fixedWidth, (uint)length);
            checksum = Crc32C.Compute(fixedWidth[..4], checksum);
        }

        if (bytes.Length - position < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(position)) != Crc32C.Mask(checksum))
        {
            throw Damaged(name);
        }

        checksum = Crc32C.Compute(bytes.AsSpan(position), checksum);
        position += 4;
        byte[][] strings = new byte[count][];
        for (int i = 0; i < strings.Length; i++)
        {
            if (lengths[i] > bytes.Length - position)
            {
                throw Damaged(name);
            }

            strings[i] = bytes.AsSpan(position, lengths[i]).ToArray();
            position += lengths[i];
        }

        return position == bytes.Length && Crc32C.Mask(checksum) == entry.Checksum ? new TensorData(entry.Shape, strings) : throw Damaged(name);
    }

    private static SlipwayException Damaged(string name) =>
        new(ErrorCode.InvalidModel, $"variable '{name}' is damaged: its strings don't fit its lengths or checksums");
}
