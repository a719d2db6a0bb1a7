namespace Slipway.Core;

/// <summary>
/// A version of a model as it is at one moment. Its files, digest and provenance never change; description, tags, stage and status may. Immutable.
/// </summary>
public sealed record ModelVersion
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Number, from 1; never given twice, not even after a deletion.</summary>
    public required long Number { get; init; }

    /// <summary>Files by content; null when the version only refers to files that are kept elsewhere, and so can't be served.</summary>
    public ModelManifest? Manifest { get; init; }

    /// <summary>Whether its files are all here.</summary>
    public VersionStatus Status { get; init; } = VersionStatus.Ready;

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>Stage in the words of the users; <c>None</c> at first.</summary>
    public string Stage { get; init; } = "None";

    /// <summary>Where the files came from, as the author said it: a URI such as <c>models:/m-…</c> or <c>runs:/…</c>; empty when they were pushed.</summary>
    public string Source { get; init; } = "";

    /// <summary>Format of the model file (<c>onnx</c>, <c>sklearn</c> …) as detected when it was published; null when unknown.</summary>
    public string? Format { get; init; }

    /// <summary>Signature as JSON of the Open Inference metadata form; null when unknown.</summary>
    public string? SignatureJson { get; init; }

    /// <summary>Description; null when nothing was ever said.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Training parameters by key.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics of its evaluation by key.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Run that made it; null when unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>A link to the run, for people; null when none was given.</summary>
    public string? RunLink { get; init; }

    /// <summary>Logged model that it was registered from; null when none.</summary>
    public string? LoggedModelId { get; init; }

    /// <summary>Digest of the data that it was trained on; null when unknown.</summary>
    public string? TrainingDataDigest { get; init; }

    /// <summary>Version of the same model that it was made from; null when none.</summary>
    public long? ParentVersion { get; init; }

    /// <summary>Aliases that point at it now.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Who approved it; see <see cref="Approval"/>.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its description, tags, stage, aliases or status last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>Whether a version's files are all here. Numbers are stored: never reuse or renumber one.</summary>
public enum VersionStatus
{
    /// <summary>Being published.</summary>
    Pending = 0,

    /// <summary>Whole.</summary>
    Ready = 1,

    /// <summary>Publishing failed.</summary>
    Failed = 2,
}

/// <summary>Somebody's consent to a version.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Time">When.</param>
/// <param name="Comment">Their words; null when none.</param>
public sealed record Approval(string Actor, DateTimeOffset Time, string? Comment);
