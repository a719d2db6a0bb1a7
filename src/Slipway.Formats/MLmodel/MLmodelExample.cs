using System.Text;
using System.Text.Json;
using Slipway.Formats.Abstractions;

namespace Slipway.Formats.MLmodel;

/// <summary>The input example of a version, as the body of a request to MLflow's scoring server.</summary>
internal static class MLmodelExample
{
    /// <summary>Largest example in bytes; a larger one is left alone: a version is warmed up with a request, not with a data set.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Reads the example; empty when there is none, or none that can be sent.</summary>
    public static ReadOnlyMemory<byte> Read(MLmodelFile model, VersionFiles files)
    {
        // Newer clients write beside the example what a caller would send.
        if (model.ServingExample is { } serving && ReadFile(serving, files) is { IsEmpty: false } body)
        {
            return body;
        }

        return model.InputExample is { } example && ReadFile(example, files) is { IsEmpty: false } given ? Wrap(given, model.InputExampleType) : default;
    }

    private static ReadOnlyMemory<byte> ReadFile(string name, VersionFiles files)
    {
        if (files.Files.FirstOrDefault(file => file.Name == name) is not { Length: > 0 and <= MaxBytes } listed)
        {
            return default;
        }

        return files.Open(listed.Name) is { Length: <= MaxBytes } file ? file.ReadHead((int)file.Length) : default;
    }

    // What older clients write: a data frame in its split form, or an array that already says where it belongs.
    private static ReadOnlyMemory<byte> Wrap(ReadOnlyMemory<byte> example, string? type)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(example);
            JsonElement root = document.RootElement;
            return type switch
            {
                "ndarray" when root.ValueKind == JsonValueKind.Object => example,
                "ndarray" => Under("inputs", root),
                "dataframe" when root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out _) => Under("dataframe_split", root),
                "dataframe" when root.ValueKind == JsonValueKind.Array => Under("dataframe_records", root),
                _ => default(ReadOnlyMemory<byte>),
            };
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static ReadOnlyMemory<byte> Under(string key, JsonElement value) => Encoding.UTF8.GetBytes($"{{\"{key}\":{value.GetRawText()}}}");
}
