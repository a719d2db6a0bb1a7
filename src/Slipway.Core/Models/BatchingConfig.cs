namespace Slipway.Core;

/// <summary>Dynamic batching of single requests into one run. Terms and defaults follow Triton's <c>dynamic_batching</c>.</summary>
public sealed record BatchingConfig
{
    /// <summary>Most rows in one batch; 1 or more. Default 32.</summary>
    public int MaxBatchSize { get; init; } = 32;

    /// <summary>Longest a request waits for company. Default zero: what waits while the model is busy is run together, nothing waits on purpose.</summary>
    public TimeSpan MaxQueueDelay { get; init; }

    /// <summary>Batch sizes that the model runs best at, ascending: a batch of such a size is closed at once. Empty: only the largest.</summary>
    public IReadOnlyList<int> PreferredBatchSizes { get; init; } = [];

    /// <summary>
    /// Batch sizes that alone may be run, ascending, the last being <see cref="MaxBatchSize"/>: smaller batches are padded up by repeating a row and the
    /// padding's answers dropped. Empty (default): any size.
    /// </summary>
    public IReadOnlyList<int> AllowedBatchSizes { get; init; } = [];

    /// <summary>Whether a request larger than <see cref="MaxBatchSize"/> is cut up and put together again rather than refused. Default false.</summary>
    public bool SplitLargeRequests { get; init; }
}
