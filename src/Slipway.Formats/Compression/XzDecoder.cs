using System.Buffers.Binary;
using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>
/// The xz container (https://tukaani.org/xz/xz-file-format.txt): streams of blocks, each an LZMA2 stream with a checksum. The index at the end is checked against the blocks.
/// </summary>
internal static class XzDecoder
{
    private static ReadOnlySpan<byte> HeadMark => [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00];

    /// <summary>Unpacks all streams.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: damaged, or larger than the bound; <see cref="ErrorCode.NotSupported"/>: a filter besides LZMA2.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, UnpackedBuffer output)
    {
        PackedReader reader = new(packed);
        do
        {
            DecodeStream(ref reader, output);
            while (reader.Remaining >= 4 && reader.Rest.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0]))
            {
                reader.Take(4);
            }
        }
        while (reader.Remaining > 0);
    }

    private static void DecodeStream(ref PackedReader reader, UnpackedBuffer output)
    {
        if (!reader.Take(6).SequenceEqual(HeadMark))
        {
            throw PackedReader.Damaged("what follows an xz stream is none");
        }

        ReadOnlySpan<byte> flags = reader.Take(2);
        if (reader.ReadUInt32() != Crc32.Of(flags) || flags[0] != 0 || flags[1] > 15)
        {
            throw PackedReader.Damaged("the head of the xz stream is wrong");
        }

        List<(long Unpadded, long Unpacked)> blocks = [];
        while (reader.Rest is [not 0, ..])
        {
            blocks.Add(DecodeBlock(ref reader, flags[1], output));
        }

        CheckIndex(ref reader, blocks);
        uint footerSum = reader.ReadUInt32();
        ReadOnlySpan<byte> footer = reader.Take(6);
        if (footerSum != Crc32.Of(footer) || !footer[4..].SequenceEqual(flags) || !reader.Take(2).SequenceEqual("YZ"u8))
        {
            throw PackedReader.Damaged("the end of the xz stream is wrong");
        }
    }

    private static (long Unpadded, long Unpacked) DecodeBlock(ref PackedReader reader, byte check, UnpackedBuffer output)
    {
        int start = reader.Position;
        int headLength = (reader.ReadByte() + 1) * 4;
        PackedReader head = new(reader.Take(headLength - 5));
        if (Crc32.Of(reader.Since(start)) != reader.ReadUInt32())
        {
            throw PackedReader.Damaged("the head of an xz block is wrong");
        }

        byte flags = head.ReadByte();
        long? packedSize = (flags & 0x40) != 0 ? Number(ref head) : null;
        long? unpackedSize = (flags & 0x80) != 0 ? Number(ref head) : null;
        if ((flags & 3) != 0 || Number(ref head) != 0x21 || Number(ref head) != 1)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the xz file uses a filter besides LZMA2; pack it with the default ones");
        }

        head.ReadByte();
        int dataStart = reader.Position;
        int outputStart = output.Length;
        Lzma2Decoder.Decode(ref reader, output);
        int packedLength = reader.Position - dataStart;
        int unpacked = output.Length - outputStart;
        if ((packedSize is { } p && p != packedLength) || (unpackedSize is { } u && u != unpacked))
        {
            throw PackedReader.Damaged("an xz block has another size than it says");
        }

        int unpadded = reader.Position - start;
        while ((reader.Position - start) % 4 != 0)
        {
            if (reader.ReadByte() != 0)
            {
                throw PackedReader.Damaged("an xz block is not padded with zeros");
            }
        }

        int checkLength = CheckLength(check);
        ReadOnlySpan<byte> sum = reader.Take(checkLength);
        if (!IsRight(check, sum, output.Written.Span[outputStart..]))
        {
            throw PackedReader.Damaged("the checksum of an xz block is wrong");
        }

        return (unpadded + checkLength, unpacked);
    }

    private static int CheckLength(byte check) => check switch
    {
        0 => 0,
        <= 3 => 4,
        <= 6 => 8,
        <= 9 => 16,
        <= 12 => 32,
        _ => 64,
    };

    // Kinds that nobody has defined are skipped, as the format asks.
    private static bool IsRight(byte check, ReadOnlySpan<byte> sum, ReadOnlySpan<byte> data) => check switch
    {
        1 => BinaryPrimitives.ReadUInt32LittleEndian(sum) == Crc32.Of(data),
        4 => BinaryPrimitives.ReadUInt64LittleEndian(sum) == Checksums.Crc64(data),
        10 => sum.SequenceEqual(SHA256.HashData(data)),
        _ => true,
    };

    private static void CheckIndex(ref PackedReader reader, List<(long Unpadded, long Unpacked)> blocks)
    {
        int start = reader.Position;
        reader.ReadByte();
        bool fits = Number(ref reader) == blocks.Count;
        foreach ((long unpadded, long unpacked) in blocks)
        {
            fits = fits && Number(ref reader) == unpadded && Number(ref reader) == unpacked;
        }

        while (fits && (reader.Position - start) % 4 != 0)
        {
            reader.ReadByte();
        }

        if (!fits || Crc32.Of(reader.Since(start)) != reader.ReadUInt32())
        {
            throw PackedReader.Damaged("the index of the xz stream does not fit its blocks");
        }
    }

    private static long Number(ref PackedReader reader)
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte part = reader.ReadByte();
            value |= (long)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
            {
                return value;
            }
        }

        throw PackedReader.Damaged("a number of the xz file has no end");
    }
}
