namespace Slipway.Keras.Hdf5;

/// <summary>Gathers the bytes of a data set: from its header, from one place in the file, or from chunks that may be filtered.</summary>
internal static class DatasetReader
{
    private const int Compact = 0;
    private const int Contiguous = 1;
    private const int Chunked = 2;

    /// <summary>The elements row by row; a view of the file where they lie there so.</summary>
    public static ReadOnlyMemory<byte> Read(Hdf5Image image, ObjectHeader header, string path, int elementSize, long[] dimensions)
    {
        long size = elementSize * Dataspace.CountOf(dimensions);
        ReadOnlyMemory<byte> message = header.Find(MessageType.Layout) ?? throw Hdf5Fault.Damaged($"data set '{path}' has no layout");
        DataLayout layout = DataLayout.Read(image, message, dimensions.Length, elementSize);
        switch (layout.Class)
        {
            case Compact:
                return layout.CompactData.Length >= size ? layout.CompactData[..(int)size] : throw Hdf5Fault.Damaged($"data set '{path}' is shorter than its shape");
            case Contiguous when layout.Address == Hdf5Image.Undefined:
                return Filled(image, header, size, elementSize);
            case Contiguous:
                return image.Slice(layout.Address, (ulong)size, $"data set '{path}'");
            default:
                FilterPipeline filters = header.Find(MessageType.Filters) is { } pipeline ? FilterPipeline.Read(image, pipeline) : FilterPipeline.None;
                byte[] target = Filled(image, header, size, elementSize);
                ChunkGrid grid = new(dimensions, layout.ChunkDimensions, elementSize);
                foreach (Chunk chunk in ChunkIndex.Read(image, layout, grid, filters.Count > 0))
                {
                    image.Step();
                    if (chunk.Address != Hdf5Image.Undefined && size > 0)
                    {
                        ReadOnlyMemory<byte> stored = image.Slice(chunk.Address, chunk.StoredSize, "a chunk");
                        grid.Copy(filters.Undo(image, stored, chunk.SkippedFilters, grid.ChunkBytes), chunk.Origin, target);
                    }
                }

                return target;
        }
    }

    // What was never written has the fill value; zero where the file names none.
    private static byte[] Filled(Hdf5Image image, ObjectHeader header, long size, int elementSize)
    {
        image.SpendDecoded(size);
        byte[] target = new byte[size];
        ReadOnlySpan<byte> value = FillValue(image, header);
        if (value.Length == elementSize && value.ContainsAnyExcept((byte)0))
        {
            for (int at = 0; at < target.Length; at += elementSize)
            {
                value.CopyTo(target.AsSpan(at));
            }
        }

        return target;
    }

    private static ReadOnlySpan<byte> FillValue(Hdf5Image image, ObjectHeader header)
    {
        if (header.Find(MessageType.FillValue) is not { } message)
        {
            return default;
        }

        Hdf5Cursor cursor = image.Read(message, "a fill value");
        bool isNew = cursor.U8() >= 3;
        cursor.Skip(isNew ? 0 : 2); // when space is allocated and filled
        bool defined = (cursor.U8() & (isNew ? 0x20 : 0xFF)) != 0;
        if (!defined || cursor.Remaining < 4)
        {
            return default;
        }

        int size = (int)Math.Min(cursor.U32(), int.MaxValue);
        int start = cursor.Position;
        cursor.Skip(size);
        return message.Span.Slice(start, size);
    }
}
