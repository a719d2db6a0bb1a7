namespace Slipway.Formats.Onnx.Building;

/// <summary>
/// Puts an encoded message together from parts that are copied once, into an array of exactly their size: weights may be large.
/// </summary>
internal sealed class MessageAssembler
{
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private long _length;

    /// <summary>Adds encoded fields as they are.</summary>
    public void Add(ReadOnlyMemory<byte> encoded)
    {
        _parts.Add(encoded);
        _length += encoded.Length;
    }

    /// <summary>Adds all fields of a message put together before.</summary>
    public void Add(MessageAssembler fields)
    {
        _parts.AddRange(fields._parts);
        _length += fields._length;
    }

    /// <summary>Adds a field that holds the message <paramref name="encoded"/>.</summary>
    public void AddField(int field, ReadOnlyMemory<byte> encoded)
    {
        Add(Prefix(field, encoded.Length));
        Add(encoded);
    }

    /// <summary>Adds a field that holds a message put together before.</summary>
    public void AddField(int field, MessageAssembler message)
    {
        Add(Prefix(field, message._length));
        _parts.AddRange(message._parts);
        _length += message._length;
    }

    /// <summary>Adds a field that holds a message of some encoded fields and, when there are any, bytes as its field <paramref name="bytesField"/>.</summary>
    public void AddField(int field, ReadOnlyMemory<byte> encoded, int bytesField, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { } raw)
        {
            AddField(field, encoded);
            return;
        }

        byte[] prefix = Prefix(bytesField, raw.Length);
        Add(Prefix(field, (long)encoded.Length + prefix.Length + raw.Length));
        Add(encoded);
        Add(prefix);
        Add(raw);
    }

    /// <summary>The message.</summary>
    public byte[] ToArray()
    {
        byte[] result = GC.AllocateUninitializedArray<byte>(checked((int)_length));
        int position = 0;
        foreach (ReadOnlyMemory<byte> part in _parts)
        {
            part.CopyTo(result.AsMemory(position));
            position += part.Length;
        }

        return result;
    }

    private static byte[] Prefix(int field, long length)
    {
        List<byte> bytes = [];
        AppendVarint(bytes, ((ulong)field << 3) | 2);
        AppendVarint(bytes, (ulong)length);
        return [.. bytes];
    }

    private static void AppendVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
