using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>CSV with a header (RFC 4180: quotes, doubled quotes, line breaks within quotes) as a frame; cells that are empty are missing, others are numbers where they can be.</summary>
internal static class ScoringCsv
{
    private static readonly HashSet<string> Missing = new(StringComparer.Ordinal) { "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A", "n/a" };

    /// <summary>Reads a body. The document that holds the cells is the caller's to dispose.</summary>
    public static ScoringFrame Read(ReadOnlySpan<byte> csv, out JsonDocument document)
    {
        List<string[]> rows = Cut(Encoding.UTF8.GetString(csv.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? csv[3..] : csv));
        if (rows.Count == 0)
        {
            throw ScoringFailures.Bad("Failed to parse input as a Pandas DataFrame: there is no header.");
        }

        // Cells become JSON values, so that all forms of input go one way from here.
        ArrayBufferWriter<byte> buffer = new(csv.Length + 64);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            foreach (string[] row in rows.Skip(1))
            {
                json.WriteStartArray();
                foreach (string cell in row)
                {
                    WriteCell(json, cell);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        document = JsonDocument.Parse(buffer.WrittenMemory);
        int width = rows[0].Length;
        List<JsonElement[]> cells = [.. document.RootElement.EnumerateArray().Select(static row => row.EnumerateArray().ToArray())];
        return cells.TrueForAll(row => row.Length == width) && rows[0].Distinct(StringComparer.Ordinal).Count() == width
            ? new ScoringFrame(rows[0], cells)
            : throw ScoringFailures.Bad("Failed to parse input as a Pandas DataFrame: the rows differ in length, or two columns have the same name.");
    }

    private static void WriteCell(Utf8JsonWriter json, string cell)
    {
        string trimmed = cell.Trim();
        if (Missing.Contains(trimmed))
        {
            json.WriteNullValue();
        }
        else if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(cell);
        }
    }

    private static List<string[]> Cut(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        StringBuilder cell = new();
        bool quoted = false;
        for (int index = 0; index < text.Length; index++)
        {
            char character = text[index];
            if (quoted)
            {
                if (character != '"')
                {
                    cell.Append(character);
                }
                else if (index + 1 < text.Length && text[index + 1] == '"')
                {
                    cell.Append('"');
                    index++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (character == ',')
            {
                row.Add(cell.ToString());
                cell.Clear();
            }
            else if (character is '\n' or '\r')
            {
                EndRow(rows, row, cell);
            }
            else
            {
                cell.Append(character);
            }
        }

        EndRow(rows, row, cell);
        return quoted ? throw ScoringFailures.Bad("Failed to parse input as a Pandas DataFrame: a quote is not closed.") : rows;
    }

    // Blank lines say nothing, as in pandas.
    private static void EndRow(List<string[]> rows, List<string> row, StringBuilder cell)
    {
        if (row.Count > 0 || cell.Length > 0)
        {
            row.Add(cell.ToString());
            rows.Add([.. row]);
        }

        row.Clear();
        cell.Clear();
    }
}
