using System.Buffers.Binary;

namespace Slipway.Keras.Hdf5;

/// <summary>Reads little-endian fields one after another and never past the end.</summary>
/// <param name="data">What is read.</param>
/// <param name="offsetSize">Bytes of an address.</param>
/// <param name="lengthSize">Bytes of a length.</param>
/// <param name="what">What the bytes are, for messages.</param>
internal ref struct Hdf5Cursor(ReadOnlySpan<byte> data, int offsetSize, int lengthSize, string what)
{
    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _data.Length - Position;

    /// <summary>What was read so far.</summary>
    public readonly ReadOnlySpan<byte> Consumed => _data[..Position];

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>An integer of one to eight bytes.</summary>
    public ulong Unsigned(int size)
    {
        ReadOnlySpan<byte> bytes = Take(size);
        ulong value = 0;
        for (int i = size - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    /// <summary>A length.</summary>
    public ulong Length() => Unsigned(lengthSize);

    /// <summary>An address; <see cref="Hdf5Image.Undefined"/> whatever its width.</summary>
    public ulong Address()
    {
        ulong value = Unsigned(offsetSize);
        return offsetSize < 8 && value == (1UL << (8 * offsetSize)) - 1 ? Hdf5Image.Undefined : value;
    }

    public void Skip(int count) => Take(count);

    /// <summary>Skips to a multiple of eight bytes from the beginning.</summary>
    public void Align8() => Skip(-Position & 7);

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Hdf5Fault.Damaged($"{what} ends too early");
        }

        ReadOnlySpan<byte> taken = _data.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Reads the checksum of all that was read so far and compares it.</summary>
    public void VerifyChecksum()
    {
        uint actual = Lookup3.Hash(Consumed);
        if (U32() != actual)
        {
            throw Hdf5Fault.Damaged($"the checksum of {what} is wrong");
        }
    }
}
