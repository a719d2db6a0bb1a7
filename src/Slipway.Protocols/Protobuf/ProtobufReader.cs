using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Protocols.Protobuf;

/// <summary>
/// Reads the protobuf wire format from one piece of memory, for the messages that carry tensors: no copies, no message objects. Whatever does not fit
/// the format is <see cref="ErrorCode.InvalidRequest"/>. Positions are offsets into the span given.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> data)
{
    private const int MaxGroupDepth = 64;

    // Invalid UTF-8 in a name or id is refused: it could not be echoed as it came.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Where the next byte is read.</summary>
    public int Position { get; private set; }

    /// <summary>Number of the field that <see cref="ReadTag"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Layout of the field that <see cref="ReadTag"/> found.</summary>
    public ProtobufWireType WireType { get; private set; }

    /// <summary>Moves to the next field; false at the end.</summary>
    public bool ReadTag()
    {
        if (Position >= _data.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        if (tag > uint.MaxValue || tag >> 3 == 0 || (tag & 7) > 5)
        {
            throw Malformed();
        }

        Field = (int)(tag >> 3);
        WireType = (ProtobufWireType)(tag & 7);
        return true;
    }

    /// <summary>Reads a base-128 number of at most ten bytes.</summary>
    public ulong ReadVarint()
    {
        ReadOnlySpan<byte> rest = _data[Position..];
        if (!rest.IsEmpty && rest[0] < 0x80)
        {
            Position++;
            return rest[0];
        }

        ulong value = 0;
        for (int i = 0; i < rest.Length && i < 10; i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                Position += i + 1;
                return value;
            }
        }

        throw Malformed();
    }

    /// <summary>Reads a little-endian 32-bit value.</summary>
    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads a little-endian 64-bit value.</summary>
    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads a length-delimited value and says where it lies.</summary>
    public Range ReadRange()
    {
        Expect(ProtobufWireType.LengthDelimited);
        ulong length = ReadVarint();
        if (length > (ulong)(_data.Length - Position))
        {
            throw Malformed();
        }

        int start = Position;
        Position += (int)length;
        return start..Position;
    }

    /// <summary>Reads a length-delimited value.</summary>
    public ReadOnlySpan<byte> ReadBytes() => _data[ReadRange()];

    /// <summary>Reads a text.</summary>
    public string ReadString() => ToText(ReadBytes());

    /// <summary>Passes over the value of the field just found.</summary>
    public void Skip() => Skip(0);

    /// <summary>Checks the layout of the field just found.</summary>
    public readonly void Expect(ProtobufWireType type)
    {
        if (WireType != type)
        {
            throw Malformed();
        }
    }

    /// <summary>Decodes UTF-8, strictly.</summary>
    public static string ToText(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the request is not a valid message: a text is not UTF-8");
        }
    }

    /// <summary>The failure of whatever does not fit the format.</summary>
    public static SlipwayException Malformed() => new(ErrorCode.InvalidRequest, "the request is not a valid protobuf message");

    private void Skip(int depth)
    {
        switch (WireType)
        {
            case ProtobufWireType.Varint:
                ReadVarint();
                break;
            case ProtobufWireType.Fixed64:
                Take(8);
                break;
            case ProtobufWireType.LengthDelimited:
                ReadRange();
                break;
            case ProtobufWireType.Fixed32:
                Take(4);
                break;
            case ProtobufWireType.StartGroup when depth < MaxGroupDepth:
                SkipGroup(Field, depth);
                break;
            default:
                throw Malformed();
        }
    }

    private void SkipGroup(int field, int depth)
    {
        while (ReadTag())
        {
            if (WireType == ProtobufWireType.EndGroup)
            {
                if (Field == field)
                {
                    return;
                }

                throw Malformed();
            }

            Skip(depth + 1);
        }

        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _data.Length - Position)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> taken = _data.Slice(Position, length);
        Position += length;
        return taken;
    }
}
