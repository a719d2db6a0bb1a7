namespace Slipway.Keras.Hdf5;

/// <summary>The beginning of a file: where it starts, how wide its addresses are, and where the root group is. Versions 0 to 3.</summary>
internal static class Superblock
{
    /// <summary>The mark of an HDF5 file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Where the mark is: at 0, 512, 1024, 2048 …; -1 when nowhere.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        for (long at = 0; at + Signature.Length <= bytes.Length; at = at == 0 ? 512 : at * 2)
        {
            if (bytes[(int)at..].StartsWith(Signature))
            {
                return (int)at;
            }
        }

        return -1;
    }

    /// <summary>Reads it.</summary>
    /// <returns>The file from its base address on, and the address of the root group's header.</returns>
    public static (Hdf5Image Image, ulong RootHeader) Read(ReadOnlyMemory<byte> bytes)
    {
        int start = Find(bytes.Span);
        if (start < 0)
        {
            throw Hdf5Fault.Damaged("it has no HDF5 signature");
        }

        Hdf5Cursor sizes = new(bytes.Span[start..], 8, 8, "the superblock");
        sizes.Skip(Signature.Length);
        int version = sizes.U8();
        if (version > 3)
        {
            throw Hdf5Fault.NotSupported($"a superblock of version {version}");
        }

        sizes.Skip(version < 2 ? 4 : 0);
        (int offsetSize, int lengthSize) = (sizes.U8(), sizes.U8());
        if (offsetSize is not (2 or 4 or 8) || lengthSize is not (2 or 4 or 8))
        {
            throw Hdf5Fault.Damaged($"addresses of {offsetSize} and lengths of {lengthSize} bytes");
        }

        Hdf5Cursor cursor = new(bytes.Span[start..], offsetSize, lengthSize, "the superblock");
        cursor.Skip(sizes.Position);
        (ulong baseAddress, ulong end, ulong root) = version < 2 ? ReadOld(ref cursor, version) : ReadNew(ref cursor);
        ulong available = (ulong)bytes.Length;
        if (baseAddress > available || end > available || end == 0)
        {
            throw Hdf5Fault.Damaged($"it should have {end} bytes and has {bytes.Length}: it was cut short");
        }

        return (new Hdf5Image(bytes[(int)baseAddress..], offsetSize, lengthSize), root);
    }

    private static (ulong Base, ulong End, ulong Root) ReadOld(ref Hdf5Cursor cursor, int version)
    {
        cursor.Skip(1 + 2 + 2 + 4); // reserved, leaf and internal node sizes (bounds come with each node), flags
        cursor.Skip(version == 1 ? 4 : 0);
        ulong baseAddress = cursor.Address();
        cursor.Address(); // free space
        ulong end = cursor.Address();
        cursor.Address(); // driver information
        cursor.Address(); // offset of the root's name
        return (baseAddress, end, cursor.Address());
    }

    private static (ulong Base, ulong End, ulong Root) ReadNew(ref Hdf5Cursor cursor)
    {
        cursor.Skip(1); // flags
        ulong baseAddress = cursor.Address();
        cursor.Address(); // extension
        ulong end = cursor.Address();
        ulong root = cursor.Address();
        cursor.VerifyChecksum();
        return (baseAddress, end, root);
    }
}
