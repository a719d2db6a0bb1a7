using System.Text;

namespace Slipway.Client.Grpc;

/// <summary>Reads protobuf fields one after the other out of a message.</summary>
/// <param name="message">The message.</param>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the field read last.</summary>
    public int Field { get; private set; }

    /// <summary>Content of the field read last, where it is of variable length.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Value of the field read last, where it is a varint.</summary>
    public ulong Number { get; private set; }

    /// <summary>Content of the field read last, as text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        switch (tag & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Bytes = Take(8); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Bytes = Take(4); break;
            default: throw new InvalidDataException("the message has a field of a kind that protobuf 3 does not know");
        }

        return true;
    }

    /// <summary>Reads the content of the field as a packed list of 64-bit integers.</summary>
    public readonly long[] Packed()
    {
        List<long> values = [];
        WireReader list = new(Bytes);
        while (!list._rest.IsEmpty)
        {
            values.Add(unchecked((long)list.Varint()));
        }

        return [.. values];
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new InvalidDataException("the message is cut off or has a number of more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException("the message is cut off");
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
