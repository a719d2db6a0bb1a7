using System.Text.Json;

namespace Slipway.Mlflow.Scoring;

/// <summary>A column or tensor of a signature.</summary>
/// <param name="Name">Name; null when it has none.</param>
/// <param name="Type">MLflow's type of a column (<c>double</c>, <c>long</c> …); null for a tensor.</param>
/// <param name="Shape">Shape of a tensor, -1 for any size; null for a column.</param>
/// <param name="IsRequired">Whether it must be given.</param>
internal sealed record ScoringField(string? Name, string? Type, long[]? Shape, bool IsRequired);

/// <summary>What <c>MLmodel</c> says of a model that is served, read once.</summary>
internal sealed class ScoringSignature
{
    private ScoringSignature(JsonElement root)
    {
        Flavor = Text(root, "flavor") ?? "";
        PredictFunction = Text(root, "predict_fn") ?? "predict";
        ModelClass = Text(root, "model_class") ?? "";
        ModelType = Text(root, "model_type") ?? "";
        TakesMissing = !root.TryGetProperty("missing_values", out JsonElement missing) || missing.ValueKind != JsonValueKind.False;
        Inputs = Fields(root, "inputs");
        Outputs = Fields(root, "outputs");
    }

    /// <summary>Flavor that is served.</summary>
    public string Flavor { get; }

    /// <summary>What scikit-learn is asked to do.</summary>
    public string PredictFunction { get; }

    /// <summary>Class of a boosted model.</summary>
    public string ModelClass { get; }

    /// <summary>Type of a TensorFlow model.</summary>
    public string ModelType { get; }

    /// <summary>Whether the model takes missing values.</summary>
    public bool TakesMissing { get; }

    /// <summary>Inputs; empty when there is no signature.</summary>
    public IReadOnlyList<ScoringField> Inputs { get; }

    /// <summary>Outputs; empty when unknown.</summary>
    public IReadOnlyList<ScoringField> Outputs { get; }

    /// <summary>Whether the inputs are columns of a data frame.</summary>
    public bool HasColumns => Inputs.Count > 0 && Inputs[0].Shape is null;

    /// <summary>Whether the input is one array without a name.</summary>
    public bool IsUnnamedTensor => Inputs is [{ Shape: not null, Name: null }];

    /// <summary>Whether the inputs are arrays with names.</summary>
    public bool HasNamedTensors => Inputs.Count > 0 && Inputs[0] is { Shape: not null, Name: not null };

    /// <summary>Reads the metadata; null when it is not what it should be, as metadata is a stranger's text.</summary>
    public static ScoringSignature? Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? new ScoringSignature(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<ScoringField> Fields(JsonElement root, string name)
    {
        List<ScoringField> fields = [];
        if (!root.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            return fields;
        }

        foreach (JsonElement item in list.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.Object))
        {
            // Old signatures say what is optional, new ones what is required.
            bool optional = (item.TryGetProperty("optional", out JsonElement said) && said.ValueKind == JsonValueKind.True)
                || (item.TryGetProperty("required", out said) && said.ValueKind == JsonValueKind.False);
            string? type = Text(item, "type");
            fields.Add(new ScoringField(Text(item, "name"), type == "tensor" ? null : type, type == "tensor" ? Shape(item) : null, !optional));
        }

        return fields;
    }

    private static long[] Shape(JsonElement item) =>
        item.TryGetProperty("tensor-spec", out JsonElement spec) && spec.ValueKind == JsonValueKind.Object
            && spec.TryGetProperty("shape", out JsonElement shape) && shape.ValueKind == JsonValueKind.Array
            ? [.. shape.EnumerateArray().Select(static size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long value) ? value : -1)]
            : [-1];

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
