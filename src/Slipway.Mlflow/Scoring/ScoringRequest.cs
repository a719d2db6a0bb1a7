using System.Text.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>Forms of a body.</summary>
internal enum ScoringForm
{
    /// <summary>A data frame.</summary>
    Frame,

    /// <summary>A list of values (<c>instances</c>), or an array (<c>inputs</c>).</summary>
    Array,

    /// <summary>Arrays by name.</summary>
    Named,
}

/// <summary>What an invocation brings.</summary>
/// <param name="Form">Its form.</param>
/// <param name="Frame">The frame, when it is one; the columns of named lists, when these are all equally long lists of plain values.</param>
/// <param name="Value">The array or the object of arrays otherwise.</param>
/// <param name="IsInstances">Whether it came row by row, as <c>instances</c>.</param>
internal sealed record ScoringRequest(ScoringForm Form, ScoringFrame? Frame, JsonElement Value, bool IsInstances)
{
    private static readonly string[] Keys = ["dataframe_split", "dataframe_records", "instances", "inputs"];

    /// <summary>Reads the object of a JSON body.</summary>
    public static ScoringRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ScoringFailures.Bad($"Invalid input. The input must be a JSON dictionary with exactly one of the input fields {{'{string.Join("', '", Keys)}'}}. Received a {Kind(root)}.");
        }

        string[] given = [.. Keys.Where(key => root.TryGetProperty(key, out _))];
        if (given.Length != 1)
        {
            throw ScoringFailures.Bad(
                $"The input must be a JSON dictionary with exactly one of the input fields {{'{string.Join("', '", Keys)}'}}. Received dictionary with input fields: [{string.Join(", ", given)}].");
        }

        if (root.TryGetProperty("params", out JsonElement parameters) && parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw ScoringFailures.Bad("Invalid input. 'params' must be a dictionary.");
        }

        JsonElement value = root.GetProperty(given[0]);
        return given[0] switch
        {
            "dataframe_split" => new ScoringRequest(ScoringForm.Frame, ScoringFrame.FromSplit(value), default, IsInstances: false),
            "dataframe_records" => new ScoringRequest(ScoringForm.Frame, ScoringFrame.FromRecords(value), default, IsInstances: false),
            "inputs" when value.ValueKind == JsonValueKind.Object => new ScoringRequest(ScoringForm.Named, null, value, IsInstances: false),
            "inputs" => Array(value, isInstances: false),
            _ when value.ValueKind != JsonValueKind.Array => throw ScoringFailures.Bad("Invalid input. 'instances' must be a list."),
            _ when value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object =>
                new ScoringRequest(ScoringForm.Named, ScoringFrame.FromRecords(value), value, IsInstances: true),
            _ => Array(value, isInstances: true),
        };
    }

    private static ScoringRequest Array(JsonElement value, bool isInstances)
    {
        ScoringShape.Of(value);
        return new ScoringRequest(ScoringForm.Array, null, value, isInstances);
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "list",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "value that is no dictionary",
    };
}
