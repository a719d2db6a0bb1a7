namespace Slipway.Keras.Hdf5;

/// <summary>How the chunks of a data set are found.</summary>
internal enum ChunkIndexKind
{
    /// <summary>A B-tree of version 1; the only kind before layouts of version 4.</summary>
    Tree1 = 0,

    /// <summary>There is only one.</summary>
    Single = 1,

    /// <summary>All lie one after another.</summary>
    Implicit = 2,

    /// <summary>A table of their addresses.</summary>
    FixedArray = 3,

    /// <summary>A table that can grow along one dimension.</summary>
    ExtensibleArray = 4,

    /// <summary>A B-tree of version 2.</summary>
    Tree2 = 5,
}

/// <summary>Where the elements of a data set are: layout messages of versions 1 to 4.</summary>
internal sealed record DataLayout
{
    /// <summary>0 in the message itself, 1 in one place, 2 in chunks.</summary>
    public required int Class { get; init; }

    /// <summary>Where the data, the tree or the table begins.</summary>
    public ulong Address { get; init; } = Hdf5Image.Undefined;

    /// <summary>The data of class 0.</summary>
    public ReadOnlyMemory<byte> CompactData { get; init; }

    /// <summary>Shape of a chunk.</summary>
    public long[] ChunkDimensions { get; init; } = [];

    /// <summary>How chunks are found.</summary>
    public ChunkIndexKind Index { get; init; }

    /// <summary>Stored size of the only chunk where it is filtered; 0 where it isn't.</summary>
    public ulong SingleSize { get; init; }

    /// <summary>Filters that the only chunk did not go through.</summary>
    public uint SingleSkippedFilters { get; init; }

    /// <summary>Reads a layout message.</summary>
    public static DataLayout Read(Hdf5Image image, ReadOnlyMemory<byte> message, int rank, int elementSize)
    {
        Hdf5Cursor cursor = image.Read(message, "a data layout");
        int version = cursor.U8();
        return version switch
        {
            1 or 2 => ReadOld(ref cursor, message, rank, elementSize),
            3 or 4 => ReadNew(ref cursor, message, version, rank, elementSize),
            _ => throw Hdf5Fault.NotSupported($"a data layout of version {version}"),
        };
    }

    private static DataLayout ReadOld(ref Hdf5Cursor cursor, ReadOnlyMemory<byte> message, int rank, int elementSize)
    {
        int dimensions = cursor.U8();
        int kind = cursor.U8();
        cursor.Skip(5);
        ulong address = kind == 0 ? Hdf5Image.Undefined : cursor.Address();
        long[] sizes = new long[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            sizes[i] = cursor.U32();
        }

        return kind switch
        {
            0 => new DataLayout { Class = 0, CompactData = Tail(ref cursor, message, cursor.U32()) },
            1 => new DataLayout { Class = 1, Address = address },
            2 => new DataLayout { Class = 2, Address = address, ChunkDimensions = Checked(sizes, rank, elementSize) },
            _ => throw Hdf5Fault.NotSupported($"a data layout of class {kind}"),
        };
    }

    private static DataLayout ReadNew(ref Hdf5Cursor cursor, ReadOnlyMemory<byte> message, int version, int rank, int elementSize)
    {
        int kind = cursor.U8();
        switch (kind)
        {
            case 0:
                return new DataLayout { Class = 0, CompactData = Tail(ref cursor, message, cursor.U16()) };
            case 1:
                return new DataLayout { Class = 1, Address = cursor.Address() };
            case 2 when version == 3:
                int dimensions = cursor.U8();
                ulong address = cursor.Address();
                return new DataLayout { Class = 2, Address = address, ChunkDimensions = Checked(Sizes(ref cursor, dimensions, 4), rank, elementSize) };
            case 2:
                return ReadIndexed(ref cursor, rank, elementSize);
            default:
                throw Hdf5Fault.NotSupported("a virtual data set");
        }
    }

    private static DataLayout ReadIndexed(ref Hdf5Cursor cursor, int rank, int elementSize)
    {
        byte flags = cursor.U8();
        int dimensions = cursor.U8();
        int sizeBytes = cursor.U8();
        if (sizeBytes is 0 or > 8)
        {
            throw Hdf5Fault.Damaged("a data layout with sizes that can't be");
        }

        long[] sizes = Checked(Sizes(ref cursor, dimensions, sizeBytes), rank, elementSize);
        ChunkIndexKind index = (ChunkIndexKind)cursor.U8();
        bool filtered = index == ChunkIndexKind.Single && (flags & 2) != 0;
        ulong singleSize = filtered ? cursor.Length() : 0;
        uint skipped = filtered ? cursor.U32() : 0;
        cursor.Skip(index switch
        {
            ChunkIndexKind.Single or ChunkIndexKind.Implicit => 0,
            ChunkIndexKind.FixedArray => 1,
            ChunkIndexKind.ExtensibleArray => 5,
            ChunkIndexKind.Tree2 => 6,
            _ => throw Hdf5Fault.Damaged("chunks that are found in an unknown way"),
        });
        return new DataLayout { Class = 2, Address = cursor.Address(), ChunkDimensions = sizes, Index = index, SingleSize = singleSize, SingleSkippedFilters = skipped };
    }

    private static ReadOnlyMemory<byte> Tail(ref Hdf5Cursor cursor, ReadOnlyMemory<byte> message, uint size)
    {
        int start = cursor.Position;
        cursor.Skip((int)Math.Min(size, int.MaxValue));
        return message.Slice(start, (int)size);
    }

    private static long[] Sizes(ref Hdf5Cursor cursor, int count, int bytes)
    {
        long[] sizes = new long[count];
        for (int i = 0; i < count; i++)
        {
            sizes[i] = (long)cursor.Unsigned(bytes);
        }

        return sizes;
    }

    // The last size is that of an element, in bytes.
    private static long[] Checked(long[] sizes, int rank, int elementSize)
    {
        if (sizes.Length != rank + 1 || sizes[^1] != elementSize || sizes.Any(static size => size is <= 0 or > int.MaxValue))
        {
            throw Hdf5Fault.Damaged("chunks whose shape does not fit their data set");
        }

        return sizes[..rank];
    }
}
