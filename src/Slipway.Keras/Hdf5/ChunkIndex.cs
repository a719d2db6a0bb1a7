namespace Slipway.Keras.Hdf5;

/// <summary>A chunk as it is stored.</summary>
/// <param name="Origin">Position of its first element.</param>
/// <param name="Address">Where it is; undefined when it was never written.</param>
/// <param name="StoredSize">Its bytes in the file.</param>
/// <param name="SkippedFilters">Bit i: it did not go through filter i.</param>
internal readonly record struct Chunk(long[] Origin, ulong Address, ulong StoredSize, uint SkippedFilters);

/// <summary>Finds the chunks of a data set, in whatever order they are listed.</summary>
internal static class ChunkIndex
{
    /// <summary>All chunks that were written.</summary>
    public static IEnumerable<Chunk> Read(Hdf5Image image, DataLayout layout, ChunkGrid grid, bool filtered)
    {
        if (layout.Address == Hdf5Image.Undefined)
        {
            return [];
        }

        return layout.Index switch
        {
            ChunkIndexKind.Tree1 => ReadTree1(image, layout, grid),
            ChunkIndexKind.Single => [new Chunk(grid.OriginOf(0), layout.Address, layout.SingleSize > 0 ? layout.SingleSize : (ulong)grid.ChunkBytes, layout.SingleSkippedFilters)],
            ChunkIndexKind.Implicit => ReadImplicit(layout, grid),
            ChunkIndexKind.FixedArray => ReadFixedArray(image, layout, grid, filtered),
            ChunkIndexKind.Tree2 => ReadTree2(image, layout, grid, filtered),
            _ => throw Hdf5Fault.NotSupported("a chunked data set that can grow, in the newest layout"),
        };
    }

    private static IEnumerable<Chunk> ReadTree1(Hdf5Image image, DataLayout layout, ChunkGrid grid)
    {
        int rank = grid.Counts.Length;
        foreach (BTree1.Child child in BTree1.Leaves(image, layout.Address, 1, 8 + (8 * (rank + 1))))
        {
            Hdf5Cursor key = image.Read(child.Key, "the key of a chunk");
            uint size = key.U32();
            uint skipped = key.U32();
            long[] origin = new long[rank];
            for (int i = 0; i < rank; i++)
            {
                origin[i] = (long)key.U64();
            }

            yield return new Chunk(origin, child.Address, size, skipped);
        }
    }

    private static IEnumerable<Chunk> ReadImplicit(DataLayout layout, ChunkGrid grid)
    {
        for (long number = 0; number < grid.Count; number++)
        {
            yield return new Chunk(grid.OriginOf(number), layout.Address + ((ulong)number * (ulong)grid.ChunkBytes), (ulong)grid.ChunkBytes, 0);
        }
    }

    private static List<Chunk> ReadTree2(Hdf5Image image, DataLayout layout, ChunkGrid grid, bool filtered)
    {
        List<Chunk> chunks = [];
        int rank = grid.Counts.Length;
        foreach (ReadOnlyMemory<byte> record in BTree2.Read(image, layout.Address, filtered ? 11 : 10))
        {
            Hdf5Cursor cursor = image.Read(record, "the record of a chunk");
            ulong address = cursor.Address();
            int sizeBytes = record.Length - image.OffsetSize - 4 - (8 * rank);
            ulong size = filtered ? cursor.Unsigned(InRange(sizeBytes)) : (ulong)grid.ChunkBytes;
            uint skipped = filtered ? cursor.U32() : 0;
            long number = 0;
            for (int i = 0; i < rank; i++)
            {
                ulong position = cursor.U64();
                number = position < (ulong)grid.Counts[i] ? (number * grid.Counts[i]) + (long)position : throw Hdf5Fault.Damaged("a chunk lies outside its data set");
            }

            chunks.Add(new Chunk(grid.OriginOf(number), address, size, skipped));
        }

        return chunks;
    }

    private static List<Chunk> ReadFixedArray(Hdf5Image image, DataLayout layout, ChunkGrid grid, bool filtered)
    {
        Hdf5Cursor header = image.ReadMarked(layout.Address, "FAHD"u8, "chunk table");
        header.Skip(2); // version, what for
        int entrySize = header.U8();
        int pageBits = header.U8();
        ulong entries = header.Length();
        ulong block = header.Address();
        header.VerifyChecksum();
        int sizeBytes = filtered ? InRange(entrySize - image.OffsetSize - 4) : 0;
        if (entries != (ulong)grid.Count || pageBits > 31 || entries > (ulong)image.Length || (!filtered && entrySize != image.OffsetSize))
        {
            throw Hdf5Fault.Damaged("a table of chunks of another size than its data set");
        }

        Hdf5Cursor cursor = image.ReadMarked(block, "FADB"u8, "chunk table");
        cursor.Skip(2 + image.OffsetSize);
        ulong pageSize = 1UL << pageBits;
        bool paged = entries > pageSize;
        ReadOnlySpan<byte> initialized = paged ? cursor.Take((int)((((entries + pageSize - 1) / pageSize) + 7) / 8)) : default;
        if (paged)
        {
            cursor.VerifyChecksum();
        }

        List<Chunk> chunks = [];
        for (ulong number = 0; number < entries; number++)
        {
            ulong page = number / pageSize;
            if (paged && (initialized[(int)(page / 8)] & (0x80 >> (int)(page % 8))) == 0)
            {
                // A page that was never written has its place all the same, but nothing in it.
                ulong count = Math.Min(pageSize, entries - number);
                cursor.Skip(checked((int)(count * (ulong)entrySize) + 4));
                number += count - 1;
                continue;
            }

            image.Step();
            ulong address = cursor.Address();
            ulong size = filtered ? cursor.Unsigned(sizeBytes) : (ulong)grid.ChunkBytes;
            chunks.Add(new Chunk(grid.OriginOf((long)number), address, size, filtered ? cursor.U32() : 0));
            if (paged && (number % pageSize == pageSize - 1 || number == entries - 1))
            {
                cursor.Skip(4); // checksum of the page
            }
        }

        return chunks;
    }

    private static int InRange(int sizeBytes) => sizeBytes is >= 1 and <= 8 ? sizeBytes : throw Hdf5Fault.Damaged("sizes of chunks that can't be");
}
