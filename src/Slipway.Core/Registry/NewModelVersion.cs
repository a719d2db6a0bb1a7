namespace Slipway.Core;

/// <summary>What a version is created with. The blobs of its manifest have to be stored before.</summary>
public sealed record NewModelVersion
{
    /// <summary>Name of the model; it must exist.</summary>
    public required string Model { get; init; }

    /// <summary>Files; null for a version that only refers to files kept elsewhere.</summary>
    public ModelManifest? Manifest { get; init; }

    /// <summary>See <see cref="ModelVersion.Source"/>.</summary>
    public string Source { get; init; } = "";

    /// <summary>See <see cref="ModelVersion.Format"/>.</summary>
    public string? Format { get; init; }

    /// <summary>See <see cref="ModelVersion.SignatureJson"/>.</summary>
    public string? SignatureJson { get; init; }

    /// <summary>Description.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Training parameters by key.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics of its evaluation by key.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>A link to the run, for people.</summary>
    public string? RunLink { get; init; }

    /// <summary>Logged model that it is registered from.</summary>
    public string? LoggedModelId { get; init; }

    /// <summary>Digest of the data that it was trained on.</summary>
    public string? TrainingDataDigest { get; init; }

    /// <summary>Version of the same model that it was made from; must exist.</summary>
    public long? ParentVersion { get; init; }

    /// <summary>Creates the model as well when it does not exist.</summary>
    public bool CreateModel { get; init; }
}
