using Slipway.Core;

namespace Slipway.OnnxRuntime.Models;

/// <summary>Walks the fields of one protobuf message without copying. Malformed bytes give <see cref="ErrorCode.InvalidModel"/>.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of the current field when it is a number of variable length, else 0.</summary>
    public ulong Number { get; private set; }

    /// <summary>Bytes of the current field when it is a string, bytes, a message or a packed list, else empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the message is malformed.</exception>
    public bool Next()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Field = tag >> 3 is > 0 and <= (1 << 29) - 1 ? (int)(tag >> 3) : throw Malformed();
        Number = 0;
        Bytes = default;
        switch ((int)(tag & 7))
        {
            case Varint:
                Number = ReadVarint();
                return true;
            case Fixed64:
                Skip(8);
                return true;
            case Delimited:
                ulong length = ReadVarint();
                if (length > (ulong)(_message.Length - _position))
                {
                    throw Malformed();
                }

                Bytes = _message.Slice(_position, (int)length);
                _position += (int)length;
                return true;
            case Fixed32:
                Skip(4);
                return true;
            default:
                throw Malformed();
        }
    }

    /// <summary>Adds the current field's numbers: one, or as many as a packed list holds.</summary>
    public readonly void AddNumbersTo(List<long> numbers)
    {
        if (Bytes.IsEmpty)
        {
            numbers.Add((long)Number);
            return;
        }

        ProtoReader packed = new(Bytes);
        while (packed._position < packed._message.Length)
        {
            numbers.Add((long)packed.ReadVarint());
        }
    }

    /// <summary>The failure of a file that is no ONNX model.</summary>
    public static SlipwayException Malformed() => new(ErrorCode.InvalidModel, "the file is not an ONNX model, or is damaged");

    private void Skip(int bytes)
    {
        if (bytes > _message.Length - _position)
        {
            throw Malformed();
        }

        _position += bytes;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position == _message.Length)
            {
                throw Malformed();
            }

            byte next = _message[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }
}
