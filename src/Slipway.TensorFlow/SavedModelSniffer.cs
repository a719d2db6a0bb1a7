namespace Slipway.TensorFlow;

/// <summary>Knows a SavedModel by its content, whatever the file is called.</summary>
internal static class SavedModelSniffer
{
    private const byte SchemaVersionTag = 0x08;
    private const byte SchemaVersion = 1;
    private const byte MetaGraphTag = 0x12;
    private const byte MetaInfoTag = 0x0A;

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
