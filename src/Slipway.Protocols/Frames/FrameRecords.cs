using System.Buffers;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.Frames;

/// <summary>A data frame as a list of objects, one per row.</summary>
internal static class FrameRecords
{
    /// <summary>Reads the list and gives the rows as JSON lines.</summary>
    public static ReadOnlyMemory<byte> ToLines(ref JsonCursor cursor)
    {
        ArrayBufferWriter<byte> lines = new(256);
        cursor.Take((byte)'[', "a list of records");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            if (cursor.Peek() != '{')
            {
                cursor.Fail("expected an object");
            }

            int start = cursor.Position;
            cursor.SkipValue();
            WriteOnOneLine(lines, cursor.Text[start..cursor.Position]);
            lines.Write("\n"u8);
        }

        return lines.WrittenMemory;
    }

    /// <summary>Copies a value; line breaks between its parts become spaces (strings have none).</summary>
    public static void WriteOnOneLine(ArrayBufferWriter<byte> lines, ReadOnlySpan<byte> value)
    {
        Span<byte> copy = lines.GetSpan(value.Length)[..value.Length];
        value.CopyTo(copy);
        copy.Replace((byte)'\n', (byte)' ');
        copy.Replace((byte)'\r', (byte)' ');
        lines.Advance(value.Length);
    }
}
