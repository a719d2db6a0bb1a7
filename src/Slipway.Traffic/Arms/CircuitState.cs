namespace Slipway.Traffic.Arms;

/// <summary>What a circuit lets through. Numbers are values of a metric: never reuse or renumber one.</summary>
public enum CircuitState
{
    /// <summary>Everything.</summary>
    Closed = 0,

    /// <summary>The next request, which decides.</summary>
    HalfOpen = 1,

    /// <summary>Nothing.</summary>
    Open = 2,
}
