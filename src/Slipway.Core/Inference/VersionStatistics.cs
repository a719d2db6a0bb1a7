namespace Slipway.Core;

/// <summary>How often something happened and how long it took in all.</summary>
/// <param name="Count">Times it happened.</param>
/// <param name="Nanoseconds">Total duration.</param>
public readonly record struct DurationCount(long Count, long Nanoseconds);

/// <summary>Durations of batches of one size.</summary>
/// <param name="BatchSize">Rows in the batch.</param>
/// <param name="ComputeInput">Gathering inputs.</param>
/// <param name="Compute">Inside the engine.</param>
/// <param name="ComputeOutput">Scattering outputs.</param>
public sealed record BatchStatistics(int BatchSize, DurationCount ComputeInput, DurationCount Compute, DurationCount ComputeOutput);

/// <summary>What one loaded version has done, in the terms of Triton's statistics extension.</summary>
public sealed record VersionStatistics(string ModelName, long Version)
{
    /// <summary>When the last request was answered; null when none was.</summary>
    public DateTimeOffset? LastInference { get; init; }

    /// <summary>Rows answered by running the model; cache hits are not counted.</summary>
    public long InferenceCount { get; init; }

    /// <summary>Batches run.</summary>
    public long ExecutionCount { get; init; }

    /// <summary>Requests answered, with their whole duration.</summary>
    public DurationCount Success { get; init; }

    /// <summary>Requests failed, with their whole duration.</summary>
    public DurationCount Fail { get; init; }

    /// <summary>Waiting in the queue.</summary>
    public DurationCount Queue { get; init; }

    /// <summary>Gathering inputs.</summary>
    public DurationCount ComputeInput { get; init; }

    /// <summary>Inside the engine.</summary>
    public DurationCount Compute { get; init; }

    /// <summary>Scattering outputs.</summary>
    public DurationCount ComputeOutput { get; init; }

    /// <summary>Answers from the response cache.</summary>
    public DurationCount CacheHit { get; init; }

    /// <summary>Look-ups in the response cache that found nothing.</summary>
    public DurationCount CacheMiss { get; init; }

    /// <summary>By batch size, ascending.</summary>
    public IReadOnlyList<BatchStatistics> Batches { get; init; } = [];

    /// <summary>Bytes that the loaded version takes, measured at load.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Requests waiting now.</summary>
    public long Pending { get; init; }
}
