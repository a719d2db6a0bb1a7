namespace Slipway.Core;

/// <summary>A model as a run logged it, before it is registered; as it is at one moment. Immutable.</summary>
public sealed record LoggedModel
{
    /// <summary>Identity: <c>m-</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Experiment that it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Name for people; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>URI below which its files are kept.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>State of its upload.</summary>
    public LoggedModelStatus Status { get; init; } = LoggedModelStatus.Pending;

    /// <summary>Explains the state; null when there is nothing to say.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>Kind of model in the client's words; null when it said nothing.</summary>
    public string? ModelType { get; init; }

    /// <summary>Run that logged it; null when none.</summary>
    public string? SourceRunId { get; init; }

    /// <summary>Who created it; null when unknown.</summary>
    public string? CreatorId { get; init; }

    /// <summary>Whether it was deleted.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Parameters by key.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Metrics that speak of it: the latest point of each key, run and dataset.</summary>
    public IReadOnlyList<MetricPoint> Metrics { get; init; } = [];

    /// <summary>Versions that were registered from it.</summary>
    public IReadOnlyList<ModelRegistration> Registrations { get; init; } = [];

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A version that was registered from a logged model.</summary>
/// <param name="Model">Name of the registered model.</param>
/// <param name="Number">Number of the version.</param>
public sealed record ModelRegistration(string Model, long Number);

/// <summary>State of a logged model's upload. Numbers are stored: never reuse or renumber one.</summary>
public enum LoggedModelStatus
{
    /// <summary>Nothing was said.</summary>
    Unspecified = 0,

    /// <summary>Files are on their way.</summary>
    Pending = 1,

    /// <summary>Whole.</summary>
    Ready = 2,

    /// <summary>The upload failed.</summary>
    UploadFailed = 3,
}
