using Slipway.Core;

namespace Slipway.Inference.Telemetry;

/// <summary>What metrics show of one version at the moment somebody looks.</summary>
internal readonly record struct ObservedVersion(ServableState State, KeyValuePair<string, object?>[] Tags)
{
    /// <summary>Whether the version is in memory; the figures below are its own then.</summary>
    public bool IsLoaded { get; init; }

    public long InFlight { get; init; }

    public long Pending { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Null when the version has no response cache.</summary>
    public long? CacheBytes { get; init; }
}
