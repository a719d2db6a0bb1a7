using System.Buffers.Binary;
using Slipway.Core;

namespace Slipway.TensorFlow.Bundles;

/// <summary>
/// Reads a sorted string table as <c>tensorflow/core/lib/io/format.h</c> lays it out: blocks of prefix-compressed entries, an index block over them, and a footer.
/// Every block's checksum is verified.
/// </summary>
internal static class SortedTable
{
    private const int FooterLength = 48;
    private const int TrailerLength = 5;
    private const ulong Magic = 0xdb4775248b80fb57;
    private const int MaxEntries = 1_000_000;
    private const int MaxBlockBytes = 64 << 20;
    private const long MaxKeyBytes = 256L << 20;

    /// <summary>The entries of the table in <paramref name="file"/>, in its order.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the file is damaged.</exception>
    public static List<(byte[] Key, ReadOnlyMemory<byte> Value)> Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < FooterLength || BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]) != Magic)
        {
            throw Damaged("it has no footer: it is cut off, or no variables index");
        }

        ReadOnlySpan<byte> footer = bytes[^FooterLength..];
        int position = 0;
        BlockVarint.Read(footer, ref position);
        BlockVarint.Read(footer, ref position);
        (ulong Offset, ulong Size) index = (BlockVarint.Read(footer, ref position), BlockVarint.Read(footer, ref position));
        List<(byte[] Key, ReadOnlyMemory<byte> Value)> entries = [];
        Budget budget = new();
        List<(byte[] Key, ReadOnlyMemory<byte> Value)> blocks = [];
        ReadEntries(ReadBlock(file, index.Offset, index.Size), blocks, budget);
        foreach ((_, ReadOnlyMemory<byte> handle) in blocks)
        {
            position = 0;
            ulong offset = BlockVarint.Read(handle.Span, ref position);
            ulong size = BlockVarint.Read(handle.Span, ref position);
            ReadEntries(ReadBlock(file, offset, size), entries, budget);
        }

        return entries;
    }

    private static ReadOnlyMemory<byte> ReadBlock(ReadOnlyMemory<byte> file, ulong offset, ulong size)
    {
        ulong length = (ulong)file.Length;
        if (size > length || offset > length || offset + size + TrailerLength > length)
        {
            throw Damaged("a block lies outside of the file");
        }

        ReadOnlyMemory<byte> stored = file.Slice((int)offset, (int)size + 1);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(file.Span[((int)offset + (int)size + 1)..]);
        if (Crc32C.Mask(Crc32C.Compute(stored.Span)) != checksum)
        {
            throw Damaged("a block's checksum is wrong");
        }

        ReadOnlyMemory<byte> content = stored[..^1];
        return stored.Span[^1] switch
        {
            0 => content,
            1 => SnappyBlock.Unpack(content.Span, MaxBlockBytes),
            byte other => throw Damaged($"a block has the unknown compression {other}"),
        };
    }

    private static void ReadEntries(ReadOnlyMemory<byte> block, List<(byte[] Key, ReadOnlyMemory<byte> Value)> entries, Budget budget)
    {
        ReadOnlySpan<byte> bytes = block.Span;
        uint restarts = bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) : uint.MaxValue;
        long end = bytes.Length - 4 - (4 * (long)restarts);
        if (end < 0)
        {
            throw Damaged("a block is shorter than its restart points");
        }

        byte[] key = [];
        int position = 0;
        while (position < end)
        {
            ulong shared = BlockVarint.Read(bytes, ref position);
            ulong own = BlockVarint.Read(bytes, ref position);
            ulong value = BlockVarint.Read(bytes, ref position);
            long left = end - position;
            if (left < 0 || shared > (ulong)key.Length || own > (ulong)left || value > (ulong)left - own)
            {
                throw Damaged("an entry is cut off");
            }

            key = [.. key.AsSpan(0, (int)shared), .. bytes.Slice(position, (int)own)];
            position += (int)own;
            budget.Take(key.Length);
            entries.Add((key, block.Slice(position, (int)value)));
            position += (int)value;
        }
    }

    private static SlipwayException Damaged(string what) => new(ErrorCode.InvalidModel, $"the variables index is damaged: {what}");

    /// <summary>Bounds what prefix compression may blow up to.</summary>
    private sealed class Budget
    {
        private int _entries;
        private long _bytes;

        public void Take(int keyBytes)
        {
            _bytes += keyBytes;
            if (++_entries > MaxEntries || _bytes > MaxKeyBytes)
            {
                throw Damaged($"more than {MaxEntries} entries or {MaxKeyBytes >> 20} MiB of names");
            }
        }
    }
}
