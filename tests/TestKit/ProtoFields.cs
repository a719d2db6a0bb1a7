namespace Slipway.TestKit;

/// <summary>Walks the fields of a protobuf message that a test knows to be well-formed.</summary>
public static class ProtoFields
{
    /// <summary>Number, value of a varint or fixed field, bytes of a delimited field.</summary>
    public readonly record struct ProtoField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes);

    /// <summary>All fields in order.</summary>
    public static IEnumerable<ProtoField> Of(ReadOnlyMemory<byte> message)
    {
        int position = 0;
        while (position < message.Length)
        {
            ulong tag = Varint(message, ref position);
            int number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new ProtoField(number, Varint(message, ref position), default);
                    break;
                case 1:
                    yield return new ProtoField(number, BitConverter.ToUInt64(message.Span.Slice(position, 8)), message.Slice(position, 8));
                    position += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref position);
                    yield return new ProtoField(number, 0, message.Slice(position, length));
                    position += length;
                    break;
                case 5:
                    yield return new ProtoField(number, BitConverter.ToUInt32(message.Span.Slice(position, 4)), message.Slice(position, 4));
                    position += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    /// <summary>The numbers of a packed list.</summary>
    public static IEnumerable<ulong> Packed(ReadOnlyMemory<byte> bytes)
    {
        int position = 0;
        while (position < bytes.Length)
        {
            yield return Varint(bytes, ref position);
        }
    }

    private static ulong Varint(ReadOnlyMemory<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes.Span[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
