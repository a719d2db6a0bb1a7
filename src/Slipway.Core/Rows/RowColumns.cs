using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Core.Rows;

/// <summary>Finds the columns that a file names in its first row.</summary>
public static class RowColumns
{
    /// <summary>Reads the names from the first row that is not blank: a CSV header, or the properties of the first JSON object.</summary>
    /// <param name="format">How the rows are written.</param>
    /// <param name="row">The row; a byte order mark has been taken off.</param>
    /// <param name="options">Delimiter, header and limits.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>: the row is not what it should be.</exception>
    public static IReadOnlyList<string> Read(RowFormat format, ReadOnlySpan<byte> row, RowReadOptions options)
    {
        if (row.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || row.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the file is UTF-16; expected UTF-8");
        }

        IReadOnlyList<string> columns = format == RowFormat.Csv ? ReadCsv(row, options) : ReadJson(row, options);
        return columns.Count <= options.MaxColumns
            ? columns
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"the first row has {columns.Count} columns; the limit is {options.MaxColumns}");
    }

    private static IReadOnlyList<string> ReadCsv(ReadOnlySpan<byte> row, RowReadOptions options)
    {
        CsvTokenizer counter = new(row, options.Delimiter);
        int count = counter.ReadRow([], out bool isWellFormed);
        if (!isWellFormed)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the header has text after a closing quote, or a quote that is not closed");
        }

        if (!options.HasHeader)
        {
            return count == options.ColumnNames.Count
                ? options.ColumnNames
                : [.. Enumerable.Range(0, count).Select(static index => index.ToString(CultureInfo.InvariantCulture))];
        }

        CsvField[] fields = new CsvField[Math.Min(count, options.MaxColumns + 1)];
        new CsvTokenizer(row, options.Delimiter).ReadRow(fields, out _);
        string[] names = new string[fields.Length];
        byte[] scratch = new byte[row.Length];
        for (int i = 0; i < names.Length; i++)
        {
            int length = fields[i].Unescape(row, scratch);
            names[i] = Encoding.UTF8.GetString(scratch, 0, length).Trim();
        }

        if (LooksLikeData(names))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the first line holds numbers where the names of the columns are expected: is the header missing?");
        }

        return names;
    }

    // Numbers as names happen (a data frame without names: 0, 1, 2 …, behind an empty name for its index); other numbers mean that the first row would be lost.
    private static bool LooksLikeData(string[] names)
    {
        int values = 0;
        bool isCount = true;
        foreach (string name in names)
        {
            if (name.Length == 0)
            {
                continue;
            }

            bool isNumber = double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            if (!isNumber && !FloatWords.TryParse(Encoding.UTF8.GetBytes(name), out _))
            {
                return false;
            }

            isCount &= isNumber && number == values;
            values++;
        }

        return values > 0 && !isCount;
    }

    private static List<string> ReadJson(ReadOnlySpan<byte> row, RowReadOptions options)
    {
        List<string> names = [];
        Utf8JsonReader reader = new(row, new JsonReaderOptions { MaxDepth = options.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, "the first row is not a JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                names.Add(reader.GetString()!);
                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the first row is not valid JSON at byte {reader.BytesConsumed + 1}");
        }

        return names;
    }
}
