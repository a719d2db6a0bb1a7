using System.Buffers;

namespace Slipway.Core.Rows;

/// <summary>Writes text as a CSV cell.</summary>
public static class CsvText
{
    /// <summary>Writes one cell, in quotes where the text has a delimiter, a quote, a line break or white space at an end.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="delimiter">Byte between cells.</param>
    /// <param name="isAlone">Whether the row has no other cell: an empty text is then written as <c>""</c>, as a blank line is no row.</param>
    /// <param name="writer">Takes the cell.</param>
    public static void Write(ReadOnlySpan<byte> text, byte delimiter, bool isAlone, IBufferWriter<byte> writer)
    {
        bool isPlain = text.IndexOfAny((byte)'"', (byte)'\n', (byte)'\r') < 0
            && text.IndexOf(delimiter) < 0
            && (text.IsEmpty ? !isAlone : text[0] != ' ' && text[^1] != ' ');
        if (isPlain)
        {
            writer.Write(text);
            return;
        }

        writer.Write("\""u8);
        for (int quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            writer.Write(text[..(quote + 1)]);
            writer.Write("\""u8);
            text = text[(quote + 1)..];
        }

        writer.Write(text);
        writer.Write("\""u8);
    }
}
