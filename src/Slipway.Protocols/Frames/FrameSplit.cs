using System.Buffers;
using System.Globalization;
using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.Frames;

/// <summary>A data frame as names of columns and lists of cells; without names the columns are 0, 1, 2 …</summary>
internal static class FrameSplit
{
    private const int MostColumns = 65_536;

    /// <summary>Reads the object and gives the rows as JSON lines.</summary>
    public static ReadOnlyMemory<byte> ToLines(ref JsonCursor cursor)
    {
        cursor.Take((byte)'{', "an object with 'columns' and 'data'");
        List<string>? columns = null;
        int data = -1;
        bool hasIndex = false;
        bool first = true;
        while (cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("columns"u8) && columns is null)
            {
                columns = ReadColumns(ref cursor);
            }
            else if (key.SequenceEqual("data"u8) && data < 0)
            {
                cursor.Peek();
                data = cursor.Position;
                cursor.SkipValue();
            }
            else if (key.SequenceEqual("index"u8) && !hasIndex)
            {
                hasIndex = true;
                cursor.SkipValue();
            }
            else
            {
                cursor.Fail("'dataframe_split' has 'columns', 'index' and 'data', each once");
            }
        }

        if (data < 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "'dataframe_split' has no 'data'");
        }

        JsonCursor rows = new(cursor.Text, data);
        return ReadRows(ref rows, columns);
    }

    private static List<string> ReadColumns(ref JsonCursor cursor)
    {
        List<string> columns = [];
        cursor.Take((byte)'[', "a list of columns");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            if (columns.Count == MostColumns)
            {
                cursor.Fail($"more than {MostColumns} columns");
            }

            columns.Add(cursor.Peek() == '"'
                ? System.Text.Encoding.UTF8.GetString(cursor.ReadString())
                : cursor.ReadInt64("the name of a column").ToString(CultureInfo.InvariantCulture));
        }

        return columns;
    }

    private static ReadOnlyMemory<byte> ReadRows(ref JsonCursor cursor, List<string>? columns)
    {
        ArrayBufferWriter<byte> lines = new(1024);
        byte[][]? keys = columns is null ? null : ToKeys(columns);
        cursor.Take((byte)'[', "a list of rows");
        bool first = true;
        for (int row = 0; cursor.NextElement(ref first); row++)
        {
            keys ??= ToKeys([.. Enumerable.Range(0, CountCells(cursor)).Select(static index => index.ToString(CultureInfo.InvariantCulture))]);
            cursor.Take((byte)'[', "a list of cells");
            bool firstCell = true;
            int count = 0;
            for (; cursor.NextElement(ref firstCell); count++)
            {
                if (count == keys.Length)
                {
                    throw Uneven(row, keys.Length);
                }

                lines.Write(count == 0 ? "{"u8 : ","u8);
                lines.Write(keys[count]);
                cursor.Peek();
                int start = cursor.Position;
                cursor.SkipValue();
                FrameRecords.WriteOnOneLine(lines, cursor.Text[start..cursor.Position]);
            }

            if (count != keys.Length || count == 0)
            {
                throw Uneven(row, keys.Length);
            }

            lines.Write("}\n"u8);
        }

        return lines.WrittenMemory;
    }

    private static int CountCells(JsonCursor cursor)
    {
        int count = 0;
        cursor.Take((byte)'[', "a list of cells");
        bool first = true;
        while (cursor.NextElement(ref first))
        {
            cursor.SkipValue();
            if (++count > MostColumns)
            {
                cursor.Fail($"more than {MostColumns} columns");
            }
        }

        return count;
    }

    private static byte[][] ToKeys(List<string> columns) => [.. columns.Select(static name =>
    {
        ArrayBufferWriter<byte> key = new(32);
        JsonText.Write(key, name);
        key.Write(":"u8);
        return key.WrittenSpan.ToArray();
    })];

    private static SlipwayException Uneven(int row, int columns) =>
        new(ErrorCode.ShapeMismatch, $"row {row} of 'dataframe_split' does not have one cell for each of the {columns} columns");
}
