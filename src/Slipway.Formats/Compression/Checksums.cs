using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.Formats.Compression;

/// <summary>The checksums of compressed files, but for <see cref="Slipway.Core.Crc32"/>.</summary>
internal static class Checksums
{
    private static readonly ulong[] Crc64Table = [.. Enumerable.Range(0, 256).Select(static i => Reflected64((ulong)i))];
    private static readonly uint[] Bzip2Table = [.. Enumerable.Range(0, 256).Select(static i => Straight32((uint)i << 24))];

    /// <summary>CRC-64 as in xz (ECMA-182, reflected).</summary>
    public static ulong Crc64(ReadOnlySpan<byte> data)
    {
        ulong crc = ulong.MaxValue;
        foreach (byte value in data)
        {
            crc = Crc64Table[(byte)crc ^ value] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>CRC-32 as in bzip2: highest bit first.</summary>
    public static uint Bzip2Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = Bzip2Table[(byte)(crc >> 24) ^ value] ^ (crc << 8);
        }

        return ~crc;
    }

    /// <summary>xxHash, 32 bits, seed 0 (LZ4 frames): https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.</summary>
    public static uint XxHash32(ReadOnlySpan<byte> data)
    {
        const uint p1 = 2654435761, p2 = 2246822519, p3 = 3266489917, p4 = 668265263, p5 = 374761393;
        uint length = (uint)data.Length;
        uint hash = p5;
        if (data.Length >= 16)
        {
            (uint a, uint b, uint c, uint d) = (unchecked(p1 + p2), p2, 0, unchecked(0 - p1));
            for (; data.Length >= 16; data = data[16..])
            {
                a = Round(a, data);
                b = Round(b, data[4..]);
                c = Round(c, data[8..]);
                d = Round(d, data[12..]);
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }

        hash += length;
        for (; data.Length >= 4; data = data[4..])
        {
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * p3), 17) * p4;
        }

        foreach (byte value in data)
        {
            hash = BitOperations.RotateLeft(hash + (value * p5), 11) * p1;
        }

        hash = (hash ^ (hash >> 15)) * p2;
        hash = (hash ^ (hash >> 13)) * p3;
        return hash ^ (hash >> 16);

        static uint Round(uint lane, ReadOnlySpan<byte> input) => BitOperations.RotateLeft(lane + (BinaryPrimitives.ReadUInt32LittleEndian(input) * p2), 13) * p1;
    }

    private static ulong Reflected64(ulong value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? (value >> 1) ^ 0xC96C5795D7870F42 : value >> 1;
        }

        return value;
    }

    private static uint Straight32(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 0x80000000) != 0 ? (value << 1) ^ 0x04C11DB7 : value << 1;
        }

        return value;
    }
}
