using System.Globalization;
using System.Text.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>A data frame: named columns over rows of cells. A cell that is not there is missing.</summary>
/// <param name="Columns">Names in order.</param>
/// <param name="Rows">Rows; each has a cell for every column.</param>
internal sealed record ScoringFrame(IReadOnlyList<string> Columns, IReadOnlyList<JsonElement[]> Rows)
{
    private const int MostColumns = 65_536;
    private const int MostCells = 8 << 20;

    /// <summary>Reads <c>{"columns": […], "index": […], "data": [[…]]}</c>; without names the columns are 0, 1, 2 …</summary>
    public static ScoringFrame FromSplit(JsonElement split)
    {
        if (split.ValueKind != JsonValueKind.Object || !split.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array
            || split.EnumerateObject().Any(static member => member.Name is not ("columns" or "index" or "data")))
        {
            throw ScoringFailures.Bad("Invalid input. Dataframe split format must have 'data' field and optionally 'columns' and 'index' fields.");
        }

        List<JsonElement[]> rows = [];
        foreach (JsonElement row in data.EnumerateArray())
        {
            rows.Add(row.ValueKind == JsonValueKind.Array ? [.. row.EnumerateArray()] : [row]);
        }

        string[] columns = split.TryGetProperty("columns", out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(Name)]
            : [.. Enumerable.Range(0, rows.Count == 0 ? 0 : rows[0].Length).Select(static index => index.ToString(CultureInfo.InvariantCulture))];
        if (columns.Length > MostColumns)
        {
            throw ScoringFailures.Bad($"Invalid input. There are more than {MostColumns} columns.");
        }

        if (columns.Distinct(StringComparer.Ordinal).Count() != columns.Length)
        {
            throw ScoringFailures.Bad("Invalid input. Two columns have the same name.");
        }

        int odd = rows.FindIndex(row => row.Length != columns.Length);
        return odd < 0
            ? new ScoringFrame(columns, rows)
            : throw ScoringFailures.Bad($"Invalid input. {columns.Length} columns, but row {odd} has {rows[odd].Length} cells.");
    }

    /// <summary>Reads a list of objects; columns in the order of their first appearance.</summary>
    public static ScoringFrame FromRecords(JsonElement records)
    {
        if (records.ValueKind != JsonValueKind.Array || records.EnumerateArray().Any(static record => record.ValueKind != JsonValueKind.Object))
        {
            throw ScoringFailures.Bad("Invalid input. Dataframe records format must be a list of records.");
        }

        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        foreach (JsonProperty member in records.EnumerateArray().SelectMany(static record => record.EnumerateObject()))
        {
            if (positions.TryAdd(member.Name, positions.Count) && positions.Count > MostColumns)
            {
                throw ScoringFailures.Bad($"Invalid input. There are more than {MostColumns} columns.");
            }
        }

        // A missing cell takes room as well, and a few bytes can name a column of their own.
        if ((long)positions.Count * records.GetArrayLength() > MostCells)
        {
            throw ScoringFailures.Bad($"Invalid input. There are more than {MostCells} cells.");
        }

        List<JsonElement[]> rows = [];
        foreach (JsonElement record in records.EnumerateArray())
        {
            JsonElement[] cells = new JsonElement[positions.Count];
            foreach (JsonProperty member in record.EnumerateObject())
            {
                cells[positions[member.Name]] = member.Value;
            }

            rows.Add(cells);
        }

        return new ScoringFrame([.. positions.Keys], rows);
    }

    /// <summary>Reads an object of columns of equal length.</summary>
    public static ScoringFrame FromColumns(JsonElement columns)
    {
        List<string> names = [];
        List<JsonElement[]> cells = [];
        foreach (JsonProperty column in columns.EnumerateObject())
        {
            names.Add(column.Name);
            cells.Add(column.Value.ValueKind == JsonValueKind.Array ? [.. column.Value.EnumerateArray()] : [column.Value]);
        }

        if (names.Count == 0 || names.Distinct(StringComparer.Ordinal).Count() != names.Count || cells.Exists(column => column.Length != cells[0].Length))
        {
            throw ScoringFailures.Bad("Invalid input. The columns must have distinct names and the same length.");
        }

        return new ScoringFrame(names, [.. Enumerable.Range(0, cells[0].Length).Select(row => cells.Select(column => column[row]).ToArray())]);
    }

    /// <summary>The frame with these columns of it, in this order; null when one is missing.</summary>
    public ScoringFrame? Select(IReadOnlyList<string> names)
    {
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        for (int index = 0; index < Columns.Count; index++)
        {
            positions[Columns[index]] = index;
        }

        int[] chosen = [.. names.Select(name => positions.GetValueOrDefault(name, -1))];
        return Array.IndexOf(chosen, -1) >= 0 ? null : new ScoringFrame(names, [.. Rows.Select(row => Array.ConvertAll(chosen, index => row[index]))]);
    }

    private static string Name(JsonElement name) => name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText();
}
