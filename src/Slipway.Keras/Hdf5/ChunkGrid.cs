namespace Slipway.Keras.Hdf5;

/// <summary>A data set cut into chunks of one shape; those at the far edges reach beyond it.</summary>
internal sealed class ChunkGrid
{
    private readonly long[] _dimensions;
    private readonly long[] _chunk;
    private readonly int _elementSize;

    public ChunkGrid(long[] dimensions, long[] chunk, int elementSize)
    {
        (_dimensions, _chunk, _elementSize) = (dimensions, chunk, elementSize);
        long bytes = Dataspace.CountOf(chunk);
        ChunkBytes = bytes <= int.MaxValue / elementSize ? (int)bytes * elementSize : throw Hdf5Fault.Damaged("a chunk of 2 GiB or more");
        Counts = [.. dimensions.Select((size, i) => (size / chunk[i]) + (size % chunk[i] == 0 ? 0 : 1))];
        Count = Dataspace.CountOf(Counts);
    }

    /// <summary>Bytes of a chunk before filters.</summary>
    public int ChunkBytes { get; }

    /// <summary>Chunks along each dimension.</summary>
    public long[] Counts { get; }

    /// <summary>Chunks in all.</summary>
    public long Count { get; }

    /// <summary>Where the chunk with this number, counted row by row, begins.</summary>
    public long[] OriginOf(long number)
    {
        long[] origin = new long[Counts.Length];
        for (int i = origin.Length - 1; i >= 0; i--)
        {
            (number, long position) = Math.DivRem(number, Counts[i]);
            origin[i] = position * _chunk[i];
        }

        return origin;
    }

    /// <summary>Copies the part of a chunk that lies inside the data set.</summary>
    public void Copy(ReadOnlyMemory<byte> chunk, long[] origin, byte[] target)
    {
        for (int i = 0; i < origin.Length; i++)
        {
            if (origin[i] < 0 || origin[i] >= _dimensions[i] || origin[i] % _chunk[i] != 0)
            {
                throw Hdf5Fault.Damaged("a chunk lies outside its data set");
            }
        }

        CopyDimension(chunk.Span, origin, target, 0, 0, 0);
    }

    private void CopyDimension(ReadOnlySpan<byte> chunk, long[] origin, byte[] target, int dimension, long from, long to)
    {
        if (dimension == origin.Length)
        {
            chunk[.._elementSize].CopyTo(target);
            return;
        }

        long count = Math.Min(_chunk[dimension], _dimensions[dimension] - origin[dimension]);
        from *= _chunk[dimension];
        to = (to * _dimensions[dimension]) + origin[dimension];
        if (dimension == origin.Length - 1)
        {
            chunk.Slice((int)(from * _elementSize), (int)(count * _elementSize)).CopyTo(target.AsSpan((int)(to * _elementSize)));
            return;
        }

        for (long i = 0; i < count; i++)
        {
            CopyDimension(chunk, origin, target, dimension + 1, from + i, to + i);
        }
    }
}
