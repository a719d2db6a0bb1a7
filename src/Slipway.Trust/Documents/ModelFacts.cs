using System.Text.Json;
using Slipway.Core;

namespace Slipway.Trust.Documents;

/// <summary>What is recorded of a version: all that a bill of materials and a model card are written from. Immutable.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">Version, as people write it.</param>
public sealed record ModelFacts(string Name, string Version)
{
    /// <summary>Digest that addresses the version, SHA-256 in hex; null when unknown.</summary>
    public string? Digest { get; init; }

    /// <summary>What the model is for; null when nothing was said.</summary>
    public string? ModelDescription { get; init; }

    /// <summary>What is special about the version; null when nothing was said.</summary>
    public string? Description { get; init; }

    /// <summary>Format of the model, e.g. <c>onnx</c>; null when unknown.</summary>
    public string? Format { get; init; }

    /// <summary>What wrote the model file; null when unknown.</summary>
    public string? Producer { get; init; }

    /// <summary>Its files.</summary>
    public IReadOnlyList<FileFact> Files { get; init; } = [];

    /// <summary>Inputs.</summary>
    public IReadOnlyList<TensorFact> Inputs { get; init; } = [];

    /// <summary>Outputs.</summary>
    public IReadOnlyList<TensorFact> Outputs { get; init; } = [];

    /// <summary>Training parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics of its evaluation.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Further facts by name: stage, aliases, run, source.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Provenance { get; init; } = [];

    /// <summary>Digest of the data that it was trained on; null when unknown.</summary>
    public string? TrainingDataDigest { get; init; }

    /// <summary>Who approved it.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>When it was created; null when unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Who created it; null when unknown.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>What is known of its signature; null when nobody looked.</summary>
    public SignatureVerdict? Signature { get; init; }

    /// <summary>The facts that a registry has.</summary>
    public static ModelFacts Of(RegisteredModel? model, ModelVersion version)
    {
        (IReadOnlyList<TensorFact> inputs, IReadOnlyList<TensorFact> outputs) = TensorsOf(version.SignatureJson);
        List<KeyValuePair<string, string>> provenance = [];
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                provenance.Add(KeyValuePair.Create(name, value));
            }
        }

        Add("stage", version.Stage == "None" ? null : version.Stage);
        Add("aliases", string.Join(", ", version.Aliases));
        Add("source", version.Source);
        Add("run", version.RunId);
        Add("run link", version.RunLink);
        Add("logged model", version.LoggedModelId);
        Add("made from version", version.ParentVersion?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ModelFacts(version.Model, version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            Digest = version.Manifest?.Digest.ToString(),
            ModelDescription = model?.Description,
            Description = version.Description,
            Format = version.Format,
            Files = [.. (version.Manifest?.Files ?? []).Select(static file => new FileFact(file.Path, file.Digest.ToString(), file.Length))],
            Inputs = inputs,
            Outputs = outputs,
            Parameters = version.Parameters,
            Metrics = version.Metrics,
            Tags = version.Tags,
            Provenance = provenance,
            TrainingDataDigest = version.TrainingDataDigest,
            Approvals = version.Approvals,
            CreatedAt = version.CreatedAt,
            CreatedBy = version.CreatedBy,
        };
    }

    // A signature is told in the form of the Open Inference metadata; what is not of that form is left out, as it was somebody else's words.
    private static (IReadOnlyList<TensorFact>, IReadOnlyList<TensorFact>) TensorsOf(string? json)
    {
        if (json is null)
        {
            return ([], []);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return (TensorsOf(document.RootElement, "inputs"), TensorsOf(document.RootElement, "outputs"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return ([], []);
        }
    }

    private static TensorFact[] TensorsOf(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement list)
        ? [.. list.EnumerateArray().Select(static tensor => new TensorFact(
            tensor.GetProperty("name").GetString()!,
            tensor.GetProperty("datatype").GetString()!,
            $"[{string.Join(", ", tensor.GetProperty("shape").EnumerateArray().Select(static dimension => dimension.GetInt64()))}]"))]
        : [];
}

/// <summary>A file of a version.</summary>
/// <param name="Name">Relative name.</param>
/// <param name="Sha256">Digest in hex.</param>
/// <param name="Length">Size in bytes.</param>
public sealed record FileFact(string Name, string Sha256, long Length);

/// <summary>An input or output.</summary>
/// <param name="Name">Name.</param>
/// <param name="DataType">Element type.</param>
/// <param name="Shape">Shape, as people write it.</param>
public sealed record TensorFact(string Name, string DataType, string Shape);
