using Slipway.Core;

namespace Slipway.Formats.Compression;

/// <summary>LZ4 frames, one or several: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Checksums are verified.</summary>
internal static class Lz4Decoder
{
    private const uint FrameMark = 0x184D2204;

    /// <summary>Unpacks all frames.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: damaged, or larger than the bound; <see cref="ErrorCode.NotSupported"/>: it needs a dictionary.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, UnpackedBuffer output)
    {
        PackedReader reader = new(packed);
        do
        {
            uint mark = reader.ReadUInt32();
            if ((mark & 0xFFFFFFF0) == 0x184D2A50)
            {
                reader.Take(reader.ReadUInt32());
            }
            else if (mark == FrameMark)
            {
                DecodeFrame(ref reader, output);
            }
            else
            {
                throw PackedReader.Damaged("what follows an LZ4 frame is none");
            }
        }
        while (reader.Remaining > 0);
    }

    private static void DecodeFrame(ref PackedReader reader, UnpackedBuffer output)
    {
        int head = reader.Position;
        byte flags = reader.ReadByte();
        byte sizes = reader.ReadByte();
        if (flags >> 6 != 1 || (flags & 2) != 0 || (sizes & 0x8F) != 0 || sizes >> 4 < 4)
        {
            throw PackedReader.Damaged("the head of the LZ4 frame is not understood");
        }

        if ((flags & 1) != 0)
        {
            throw new SlipwayException(ErrorCode.NotSupported, "the file is an LZ4 frame that needs a dictionary; write it without one");
        }

        ulong? contentSize = (flags & 8) != 0 ? reader.ReadUInt64() : null;
        if ((byte)(Checksums.XxHash32(reader.Since(head)) >> 8) != reader.ReadByte())
        {
            throw PackedReader.Damaged("the checksum of the LZ4 frame's head is wrong");
        }

        int largest = 1 << (8 + (2 * (sizes >> 4)));
        int start = output.Length;
        bool linked = (flags & 0x20) == 0;
        for (uint length = reader.ReadUInt32(); length != 0; length = reader.ReadUInt32())
        {
            bool plain = (length & 0x80000000) != 0;
            ReadOnlySpan<byte> block = reader.Take(length & 0x7FFFFFFF);
            int blockStart = output.Length;
            if (plain)
            {
                output.Append(block);
            }
            else
            {
                DecodeBlock(block, output, linked ? start : blockStart);
            }

            if (output.Length - blockStart > largest || ((flags & 0x10) != 0 && reader.ReadUInt32() != Checksums.XxHash32(block)))
            {
                throw PackedReader.Damaged("an LZ4 block is larger than the frame says, or its checksum is wrong");
            }
        }

        if ((contentSize is { } size && size != (ulong)(output.Length - start))
            || ((flags & 4) != 0 && reader.ReadUInt32() != Checksums.XxHash32(output.Written.Span[start..])))
        {
            throw PackedReader.Damaged("the size or the checksum of the LZ4 frame is wrong");
        }
    }

    // A token's halves count literals and match bytes; 15 goes on in further bytes. The last sequence has literals only.
    private static void DecodeBlock(ReadOnlySpan<byte> block, UnpackedBuffer output, int dictionaryStart)
    {
        PackedReader reader = new(block);
        while (true)
        {
            byte token = reader.ReadByte();
            output.Append(reader.Take(Length(ref reader, token >> 4)));
            if (reader.Remaining == 0)
            {
                return;
            }

            int distance = reader.ReadByte() | (reader.ReadByte() << 8);
            int count = (int)Math.Min(Length(ref reader, token & 15) + 4, int.MaxValue / 2);
            if (distance == 0 || distance > output.Length - dictionaryStart)
            {
                throw PackedReader.Damaged("an LZ4 block refers to bytes before its beginning");
            }

            output.Repeat(distance, count);
        }
    }

    private static long Length(ref PackedReader reader, int first)
    {
        long length = first;
        for (byte more = 255; first == 15 && more == 255; length += more)
        {
            more = reader.ReadByte();
        }

        return length;
    }
}
