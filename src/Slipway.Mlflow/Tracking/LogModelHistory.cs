using System.Text;
using System.Text.Json;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>The tag in which a run keeps what it logged as models in the manner of 2.x.</summary>
internal static class LogModelHistory
{
    private static readonly string[] Mandatory = ["artifact_path", "flavors", "utc_time_created", "run_id"];
    private static readonly string[] Kept = ["run_id", "artifact_path", "utc_time_created", "model_uuid", "flavors"];

    /// <summary>The tag with one model more.</summary>
    /// <param name="history">The tag as it is; null when there is none.</param>
    /// <param name="modelJson">The model in JSON.</param>
    /// <exception cref="MlflowException">The model is not a JSON object, or lacks a member that it must have.</exception>
    public static string Append(string? history, string modelJson)
    {
        using JsonDocument model = Parse(modelJson);
        string[] missing = [.. Mandatory.Where(name => !model.RootElement.TryGetProperty(name, out _))];
        if (missing.Length > 0)
        {
            throw MlflowException.Invalid($"Model json is missing mandatory fields: {{'{string.Join("', '", missing)}'}}");
        }

        StringBuilder text = new();
        text.Append(history is { Length: > 2 } list && list[0] == '[' && list[^1] == ']' ? list[..^1] + ", {" : "[{");
        bool first = true;
        foreach (string name in Kept)
        {
            if (model.RootElement.TryGetProperty(name, out JsonElement value))
            {
                text.Append(first ? "" : ", ");
                first = false;
                PythonJson.WriteText(text, name);
                text.Append(": ");
                PythonJson.Write(text, value);
            }
        }

        return text.Append("}]").ToString();
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Told below, as for any other text.
        }

        throw MlflowException.Invalid("Malformed model info: 'model_json' is not a valid JSON object.");
    }
}
