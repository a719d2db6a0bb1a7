using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Slipway.Protocols.Protobuf;

/// <summary>Writes the protobuf wire format into memory that is known to be large enough; the sizes come from <see cref="ProtobufSize"/>.</summary>
internal ref struct ProtobufWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    /// <summary>Bytes written so far.</summary>
    public int Position { get; private set; }

    /// <summary>Writes a field's number and layout.</summary>
    public void WriteTag(int field, ProtobufWireType type) => WriteVarint(((uint)field << 3) | (uint)type);

    /// <summary>Writes a base-128 number.</summary>
    public void WriteVarint(ulong value)
    {
        int position = Position;
        while (value >= 0x80)
        {
            _target[position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _target[position++] = (byte)value;
        Position = position;
    }

    /// <summary>Writes a little-endian 32-bit value.</summary>
    public void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_target[Position..], value);
        Position += sizeof(uint);
    }

    /// <summary>Writes a little-endian 64-bit value.</summary>
    public void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_target[Position..], value);
        Position += sizeof(ulong);
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Position..]);
        Position += bytes.Length;
    }

    /// <summary>Writes the head of a length-delimited field.</summary>
    public void WriteHead(int field, int length)
    {
        WriteTag(field, ProtobufWireType.LengthDelimited);
        WriteVarint((uint)length);
    }

    /// <summary>Writes a text field; nothing when it is empty, as proto3 has it.</summary>
    public void WriteString(int field, string value)
    {
        if (value.Length > 0)
        {
            WriteHead(field, Encoding.UTF8.GetByteCount(value));
            Position += Encoding.UTF8.GetBytes(value, _target[Position..]);
        }
    }
}

/// <summary>Encoded sizes, in bytes.</summary>
internal static class ProtobufSize
{
    /// <summary>Of a base-128 number.</summary>
    public static int Varint(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Of a field's number and layout.</summary>
    public static int Tag(int field) => Varint((uint)field << 3);

    /// <summary>Of a length-delimited field with a value of <paramref name="length"/> bytes.</summary>
    public static int Delimited(int field, int length) => checked(Tag(field) + Varint((uint)length) + length);

    /// <summary>Of a text field; 0 when it is empty.</summary>
    public static int String(int field, string value) => value.Length == 0 ? 0 : Delimited(field, Encoding.UTF8.GetByteCount(value));
}
