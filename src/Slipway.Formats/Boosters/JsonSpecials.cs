namespace Slipway.Formats.Boosters;

/// <summary>Numbers that JSON does not have and XGBoost writes nevertheless: NaN, Infinity and -Infinity, outside of text.</summary>
internal static class JsonSpecials
{
    private static ReadOnlySpan<byte> NaN => "NaN"u8;

    private static ReadOnlySpan<byte> Infinity => "Infinity"u8;

    /// <summary>The document with <c>null</c> for NaN and a number beyond all others for infinity; the very same bytes when it has neither.</summary>
    public static ReadOnlySpan<byte> Replace(ReadOnlySpan<byte> document)
    {
        if (document.IndexOf(NaN) < 0 && document.IndexOf(Infinity) < 0)
        {
            return document;
        }

        List<byte> plain = new(document.Length + 64);
        bool isText = false;
        for (int i = 0; i < document.Length; i++)
        {
            byte next = document[i];
            if (isText && next == '\\' && i + 1 < document.Length)
            {
                plain.Add(next);
                next = document[++i];
            }
            else if (next == '"')
            {
                isText = !isText;
            }
            else if (!isText && document[i..].StartsWith(NaN))
            {
                plain.AddRange("null"u8);
                i += NaN.Length - 1;
                continue;
            }
            else if (!isText && document[i..].StartsWith(Infinity))
            {
                plain.AddRange("1e999"u8);
                i += Infinity.Length - 1;
                continue;
            }

            plain.Add(next);
        }

        return plain.ToArray();
    }
}
