using System.Text.Json;

namespace Slipway.Core;

/// <summary>
/// Reads the values of <see cref="ModelMetadataKeys"/>. Metadata is a stranger's text: what is not as it should be is taken for absent.
/// </summary>
public static class ModelMetadata
{
    /// <summary>The names of the features (<see cref="ModelMetadataKeys.FeatureNames"/>); empty when there are none.</summary>
    public static IReadOnlyList<string> FeatureNames(IReadOnlyDictionary<string, string> metadata) => Names(metadata, ModelMetadataKeys.FeatureNames);

    /// <summary>The outputs given by default (<see cref="ModelMetadataKeys.DefaultOutputs"/>); empty when none are named.</summary>
    public static IReadOnlyList<string> DefaultOutputs(IReadOnlyDictionary<string, string> metadata) => Names(metadata, ModelMetadataKeys.DefaultOutputs);

    /// <summary>The outputs with the labels that the metadata has for them (<see cref="ModelMetadataKeys.OutputLabels"/>), where they fit the last dimension and the output has none yet.</summary>
    public static IReadOnlyList<TensorSignature> WithLabels(IReadOnlyList<TensorSignature> outputs, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(ModelMetadataKeys.OutputLabels, out string? json))
        {
            return outputs;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. outputs.Select(output => Labelled(output, document.RootElement))]
                : outputs;
        }
        catch (JsonException)
        {
            return outputs;
        }
    }

    private static TensorSignature Labelled(TensorSignature output, JsonElement labels)
    {
        if (output.Labels.Count > 0 || output.Shape.Rank == 0 || !labels.TryGetProperty(output.Name, out JsonElement list))
        {
            return output;
        }

        string[] names = Names(list);
        long width = output.Shape[output.Shape.Rank - 1];
        return names.Length > 0 && (width < 0 || width == names.Length) ? output with { Labels = names } : output;
    }

    private static string[] Names(IReadOnlyDictionary<string, string> metadata, string key)
    {
        if (!metadata.TryGetValue(key, out string? json))
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Names(document.RootElement);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string[] Names(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(static name => name.GetString()!)]
            : [];
}
