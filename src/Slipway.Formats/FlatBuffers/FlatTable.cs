using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Formats.FlatBuffers;

/// <summary>A table of a FlatBuffers message. Fields are numbered as the schema lists them; one that is not there has the value that the schema gives.</summary>
internal readonly struct FlatTable
{
    private const int LayoutHead = 4;

    private readonly FlatBuffer _buffer;
    private readonly long _position;
    private readonly long _layout;
    private readonly int _layoutBytes;

    /// <summary>The table at <paramref name="position"/>, whose fields the layout (vtable) of <paramref name="layoutBytes"/> bytes places.</summary>
    public FlatTable(FlatBuffer buffer, long position, long layout, int layoutBytes)
    {
        _buffer = buffer;
        _position = position;
        _layout = layout;
        _layoutBytes = layoutBytes;
    }

    /// <summary>A 32-bit integer.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, here and below: the field lies outside of the message.</exception>
    public int Int32(int field, int absent = 0) => Place(field) is var place and > 0 ? BinaryPrimitives.ReadInt32LittleEndian(_buffer.Take(place, sizeof(int))) : absent;

    /// <summary>A number of double precision.</summary>
    public double Double(int field, double absent = 0) => Place(field) is var place and > 0 ? BinaryPrimitives.ReadDoubleLittleEndian(_buffer.Take(place, sizeof(double))) : absent;

    /// <summary>A byte: an enumeration.</summary>
    public byte Byte(int field) => Place(field) is var place and > 0 ? _buffer.Take(place, 1)[0] : (byte)0;

    /// <summary>A text; empty when absent.</summary>
    public string Text(int field) => Place(field) is var place and > 0 ? _buffer.Text(_buffer.Follow(place)) : "";

    /// <summary>A table within; null when absent.</summary>
    public FlatTable? Table(int field) => Place(field) is var place and > 0 ? _buffer.TableAt(_buffer.Follow(place)) : null;

    /// <summary>Numbers as they lie there, little-endian; empty when absent.</summary>
    public T[] Numbers<T>(int field)
        where T : unmanaged =>
        Place(field) is var place and > 0 ? MemoryMarshal.Cast<byte, T>(_buffer.Vector(_buffer.Follow(place), Marshal.SizeOf<T>())).ToArray() : [];

    /// <summary>Tables in order; empty when absent.</summary>
    public FlatTable[] Tables(int field)
    {
        long[] places = References(field);
        FlatTable[] tables = new FlatTable[places.Length];
        for (int i = 0; i < tables.Length; i++)
        {
            tables[i] = _buffer.TableAt(places[i]);
        }

        return tables;
    }

    /// <summary>Texts in order; empty when absent.</summary>
    public string[] Texts(int field)
    {
        long[] places = References(field);
        string[] texts = new string[places.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = _buffer.Text(places[i]);
        }

        return texts;
    }

    // Each element of a vector of references counts from where it stands itself.
    private long[] References(int field)
    {
        if (Place(field) is not (var place and > 0))
        {
            return [];
        }

        long vector = _buffer.Follow(place);
        ReadOnlySpan<byte> offsets = _buffer.Vector(vector, sizeof(uint));
        long[] places = new long[offsets.Length / sizeof(uint)];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = vector + sizeof(uint) + (i * sizeof(uint)) + BinaryPrimitives.ReadUInt32LittleEndian(offsets[(i * sizeof(uint))..]);
        }

        return places;
    }

    // Where the field stands; 0 when it is not there.
    private long Place(int field)
    {
        int slot = LayoutHead + (field * sizeof(ushort));
        if (slot + sizeof(ushort) > _layoutBytes)
        {
            return 0;
        }

        int offset = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.Take(_layout + slot, sizeof(ushort)));
        return offset == 0 ? 0 : _position + offset;
    }
}
