namespace Slipway.Core;

/// <summary>What is known of one version at one moment. Immutable.</summary>
/// <param name="Version">Number of the version.</param>
/// <param name="State">Where it is on its way into and out of service.</param>
public sealed record VersionSnapshot(long Version, ServableState State)
{
    /// <summary>Why it is in this state, for callers: the load error, <c>unloaded</c>, <c>evicted</c> … Null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Kind of the failure when the state is <see cref="ServableState.Failed"/>.</summary>
    public ErrorCode? Error { get; init; }

    /// <summary>The loaded version; null unless the state is <see cref="ServableState.Ready"/>.</summary>
    public ServableInfo? Servable { get; init; }

    /// <summary>
    /// Whether it ought to be in service, at once or with the first request for it: the version policy chooses it, and nobody unloaded the model by hand. Default true.
    /// </summary>
    public bool IsWanted { get; init; } = true;

    /// <summary>Whether a request for it would have it loaded, were it not in service: not after a load that failed, until its files or configuration change. Default false.</summary>
    public bool LoadsOnDemand { get; init; }

    /// <summary>Whether a request for it would be answered, as far as can be told without one: it is in service, or the request would have it loaded.</summary>
    public bool Answers => State == ServableState.Ready || LoadsOnDemand;

    /// <summary>When it entered this state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Bytes of memory that loading it took, measured; 0 when not loaded or not measured.</summary>
    public long MemoryBytes { get; init; }
}
