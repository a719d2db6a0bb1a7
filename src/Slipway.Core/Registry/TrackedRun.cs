namespace Slipway.Core;

/// <summary>One execution of training code and what it logged, as it is at one moment. Immutable.</summary>
public sealed record TrackedRun
{
    /// <summary>Identity: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Experiment that it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Name for people; not unique.</summary>
    public required string Name { get; init; }

    /// <summary>Who ran it, as they said it; may be empty.</summary>
    public string UserId { get; init; } = "";

    /// <summary>State.</summary>
    public RunStatus Status { get; init; } = RunStatus.Running;

    /// <summary>When it began, in milliseconds since 1970, as the client said it; null when it said nothing.</summary>
    public long? StartTime { get; init; }

    /// <summary>When it ended, in milliseconds since 1970; null while it runs.</summary>
    public long? EndTime { get; init; }

    /// <summary>URI below which its artifacts are kept.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>Whether it was deleted; it can be restored.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Parameters by key: written once.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The latest point of every metric: largest step, then timestamp, then value.</summary>
    public IReadOnlyList<MetricPoint> Metrics { get; init; } = [];

    /// <summary>Datasets that it read.</summary>
    public IReadOnlyList<DatasetInput> Datasets { get; init; } = [];

    /// <summary>Logged models that it read.</summary>
    public IReadOnlyList<string> ModelInputs { get; init; } = [];

    /// <summary>Logged models that it wrote.</summary>
    public IReadOnlyList<LoggedModelOutput> ModelOutputs { get; init; } = [];
}

/// <summary>State of a run. Numbers are stored: never reuse or renumber one.</summary>
public enum RunStatus
{
    /// <summary>Not ended.</summary>
    Running = 1,

    /// <summary>To be run.</summary>
    Scheduled = 2,

    /// <summary>Ended well.</summary>
    Finished = 3,

    /// <summary>Ended with a fault.</summary>
    Failed = 4,

    /// <summary>Was ended.</summary>
    Killed = 5,
}

/// <summary>A value of a metric.</summary>
/// <param name="Key">Name of the metric.</param>
/// <param name="Value">Value; NaN and infinities are values.</param>
/// <param name="Timestamp">When, in milliseconds since 1970, as the client said it.</param>
/// <param name="Step">Step of the training.</param>
public sealed record MetricPoint(string Key, double Value, long Timestamp, long Step)
{
    /// <summary>Run it was logged to; null where it goes without saying.</summary>
    public string? RunId { get; init; }

    /// <summary>Logged model that it speaks of; null when none.</summary>
    public string? ModelId { get; init; }

    /// <summary>Name of the dataset that it was measured on; null when unknown.</summary>
    public string? DatasetName { get; init; }

    /// <summary>Digest of that dataset.</summary>
    public string? DatasetDigest { get; init; }
}

/// <summary>A dataset that a run read.</summary>
/// <param name="Name">Name.</param>
/// <param name="Digest">Digest as the client computed it.</param>
/// <param name="SourceType">Kind of the source.</param>
/// <param name="Source">Source as JSON or URI.</param>
/// <param name="Schema">Schema as JSON; null when unknown.</param>
/// <param name="Profile">Profile as JSON; null when unknown.</param>
/// <param name="Tags">Tags of the use, as <c>mlflow.data.context</c> = <c>training</c>.</param>
public sealed record DatasetInput(
    string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile, IReadOnlyDictionary<string, string> Tags);

/// <summary>A logged model that a run wrote.</summary>
/// <param name="ModelId">Its identity.</param>
/// <param name="Step">Step of the training.</param>
public sealed record LoggedModelOutput(string ModelId, long Step);

/// <summary>A dataset of an experiment.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="Name">Name.</param>
/// <param name="Digest">Digest.</param>
/// <param name="Context">Use, as <c>training</c>; null when unknown.</param>
public sealed record DatasetSummary(string ExperimentId, string Name, string Digest, string? Context);
