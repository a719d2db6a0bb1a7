namespace Slipway.Keras.Hdf5;

/// <summary>
/// The bytes of a file from its base address on, the widths of its addresses and lengths, and the account of what reading it has cost. Not thread-safe.
/// </summary>
internal sealed class Hdf5Image(ReadOnlyMemory<byte> bytes, int offsetSize, int lengthSize)
{
    /// <summary>An address that says "not there".</summary>
    public const ulong Undefined = ulong.MaxValue;

    private long _decodedLeft = Hdf5Limits.DecodedBase + (Hdf5Limits.DecodedPerFileByte * bytes.Length);
    private int _stepsLeft = Hdf5Limits.Steps;

    /// <summary>Bytes of an address.</summary>
    public int OffsetSize => offsetSize;

    /// <summary>Bytes of a length.</summary>
    public int LengthSize => lengthSize;

    /// <summary>Number of bytes.</summary>
    public int Length => bytes.Length;

    /// <summary>Bytes at an address.</summary>
    /// <exception cref="Core.SlipwayException">They are not all in the file.</exception>
    public ReadOnlyMemory<byte> Slice(ulong address, ulong length, string what)
    {
        if (address > (ulong)bytes.Length || length > (ulong)bytes.Length - address)
        {
            throw Hdf5Fault.Damaged($"{what} lies beyond the end of the file");
        }

        return bytes.Slice((int)address, (int)length);
    }

    /// <summary>All bytes from an address to the end of the file.</summary>
    public ReadOnlyMemory<byte> From(ulong address, string what)
    {
        if (address >= (ulong)bytes.Length)
        {
            throw Hdf5Fault.Damaged($"{what} lies beyond the end of the file");
        }

        return bytes[(int)address..];
    }

    /// <summary>A cursor at the beginning of <paramref name="data"/>.</summary>
    public Hdf5Cursor Read(ReadOnlyMemory<byte> data, string what) => new(data.Span, offsetSize, lengthSize, what);

    /// <summary>A cursor at a structure that begins with a mark of four letters, past the mark.</summary>
    public Hdf5Cursor ReadMarked(ulong address, ReadOnlySpan<byte> mark, string what)
    {
        Step();
        Hdf5Cursor cursor = Read(From(address, what), what);
        if (!cursor.Take(4).SequenceEqual(mark))
        {
            throw Hdf5Fault.Damaged($"there is no {what} where one should be");
        }

        return cursor;
    }

    /// <summary>Counts one structure, so that no file keeps the reader busy for ever.</summary>
    public void Step()
    {
        if (--_stepsLeft < 0)
        {
            throw Hdf5Fault.Damaged($"it has more than {Hdf5Limits.Steps} parts");
        }
    }

    /// <summary>Counts bytes that are made rather than found in the file, before they are allocated.</summary>
    public void SpendDecoded(long count)
    {
        if (count > _decodedLeft)
        {
            throw Hdf5Fault.Damaged("its compressed or unwritten data would grow far beyond the size of the file; weights that really compress so well can be repacked without filters");
        }

        _decodedLeft -= count;
    }
}
