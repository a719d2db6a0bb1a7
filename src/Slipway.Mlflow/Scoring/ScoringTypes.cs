using System.Globalization;
using System.Text.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>The types of columns: what a cell must be to be one.</summary>
internal static class ScoringTypes
{
    /// <summary>Checks that every cell is of its column's type, or missing.</summary>
    public static void Check(ScoringFrame frame, ScoringSignature signature, string[] names)
    {
        for (int column = 0; column < frame.Columns.Count; column++)
        {
            ScoringField field = signature.Inputs[Array.IndexOf(names, frame.Columns[column])];
            foreach (JsonElement[] row in frame.Rows)
            {
                if (!IsOf(row[column], field.Type))
                {
                    throw ScoringFailures.Bad($"Invalid input. Data is not compatible with model signature. Failed to convert column {frame.Columns[column]} to type '{field.Type}'.");
                }
            }
        }
    }

    /// <summary>Writes a cell; one that is not there is null.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement cell)
    {
        if (cell.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteNullValue();
        }
        else
        {
            cell.WriteTo(json);
        }
    }

    private static bool IsOf(JsonElement cell, string? type) => cell.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || type switch
    {
        "boolean" => cell.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => Whole(cell) is >= int.MinValue and <= int.MaxValue,
        "long" => Whole(cell) is not null,
        "float" or "double" => cell.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            || (cell.ValueKind == JsonValueKind.String && double.TryParse(cell.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _)),
        "string" => cell.ValueKind == JsonValueKind.String,
        "binary" => cell.ValueKind == JsonValueKind.String && cell.TryGetBytesFromBase64(out _),
        "datetime" => cell.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(cell.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        _ => true,
    };

    private static long? Whole(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Number when cell.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number when cell.GetDouble() is var number && number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 => (long)number,
        JsonValueKind.String when long.TryParse(cell.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long parsed) => parsed,
        _ => null,
    };
}
