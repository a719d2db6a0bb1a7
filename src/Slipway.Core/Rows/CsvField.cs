namespace Slipway.Core.Rows;

/// <summary>One cell of a CSV row: where its text lies, quotes around it excluded.</summary>
/// <param name="Start">First byte of the text.</param>
/// <param name="Length">Bytes of the text.</param>
/// <param name="HasEscapes">Whether the text holds doubled quotes that stand for one.</param>
internal readonly record struct CsvField(int Start, int Length, bool HasEscapes)
{
    /// <summary>Copies the cell's text with doubled quotes made single; <paramref name="destination"/> is at least as long as the cell.</summary>
    /// <returns>Bytes written.</returns>
    public int Unescape(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        ReadOnlySpan<byte> text = block.Slice(Start, Length);
        int written = 0;
        while (true)
        {
            int quote = text.IndexOf((byte)'"');
            if (quote < 0)
            {
                text.CopyTo(destination[written..]);
                return written + text.Length;
            }

            text[..(quote + 1)].CopyTo(destination[written..]);
            written += quote + 1;
            text = text[Math.Min(quote + 2, text.Length)..];
        }
    }
}
