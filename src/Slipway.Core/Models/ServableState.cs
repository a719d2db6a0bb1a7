namespace Slipway.Core;

/// <summary>Where a version is on its way into and out of service. Numbers are exported as a metric: never reuse or renumber one.</summary>
public enum ServableState
{
    /// <summary>Known to the source, not loaded: not asked for yet, or waiting for its turn.</summary>
    Unknown = 0,

    /// <summary>Being read, checked and handed to the engine.</summary>
    Loading = 1,

    /// <summary>Loaded; synthetic or recorded requests run before callers may.</summary>
    Warming = 2,

    /// <summary>Answers requests.</summary>
    Ready = 3,

    /// <summary>Takes no new requests; those that began are finished.</summary>
    Draining = 4,

    /// <summary>Was in service and is no longer in memory.</summary>
    Unloaded = 5,

    /// <summary>Could not be loaded or warmed; the reason says why.</summary>
    Failed = 6,
}
