namespace Slipway.TensorFlow;

/// <summary>Knows a SavedModel by its content, whatever the file is called.</summary>
internal static class SavedModelSniffer
{
    private const byte SchemaVersionTag = 0x08;
    private const byte SchemaVersion = 1;
    private const byte MetaGraphTag = 0x12;
    private const byte MetaInfoTag = 0x0A;
    private const byte NodeTag = 0x0A;
    private const byte NodeNameTag = 0x0A;
    private const byte NodeOperationTag = 0x12;
    private const int MaxOperationLength = 64;

    /// <summary>Whether a file is a graph alone: it begins with a node, and the node with its name and that of an operator.</summary>
    public static bool LooksLikeGraph(ReadOnlySpan<byte> head)
    {
        if (head.Length < 8 || head[0] != NodeTag || !TrySkipLength(head, 1, out _, out int at) || head[at] != NodeNameTag || !TrySkipLength(head, at + 1, out long name, out at)
            || name is < 1 or > 512 || at + name + 2 >= head.Length)
        {
            return false;
        }

        at += (int)name;
        return head[at] == NodeOperationTag && head[at + 1] is >= 1 and <= MaxOperationLength and var length && at + 2 + length <= head.Length
            && char.IsAsciiLetterUpper((char)head[at + 2]) && head.Slice(at + 2, length).IndexOfAnyExceptInRange((byte)'0', (byte)'z') < 0;
    }

    private static bool TrySkipLength(ReadOnlySpan<byte> bytes, int at, out long length, out int next)
    {
        length = 0;
        for (int i = 0; i < 5 && at + i < bytes.Length - 1; i++)
        {
            length |= (long)(bytes[at + i] & 0x7F) << (7 * i);
            if (bytes[at + i] < 0x80)
            {
                next = at + i + 1;
                return true;
            }
        }

        next = 0;
        return false;
    }

    /// <summary>
    /// Whether a file is one graph behind the version of the schema: the graph's length is what is left of the file, and it begins with the description of itself.
    /// </summary>
    public static bool LooksLikeModel(ReadOnlySpan<byte> head, long length)
    {
        if (head.Length < 5 || head[0] != SchemaVersionTag || head[1] != SchemaVersion || head[2] != MetaGraphTag)
        {
            return false;
        }

        long graph = 0;
        for (int i = 3; i < Math.Min(head.Length - 1, 13); i++)
        {
            graph |= (long)(head[i] & 0x7F) << (7 * (i - 3));
            if (head[i] < 0x80)
            {
                return graph == length - i - 1 && head[i + 1] == MetaInfoTag;
            }
        }

        return false;
    }
}
