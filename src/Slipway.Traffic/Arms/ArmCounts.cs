namespace Slipway.Traffic.Arms;

/// <summary>Counts of an arm.</summary>
public readonly record struct ArmCounts
{
    /// <summary>Requests given to the arm, except to stand in for another.</summary>
    public long Requests { get; init; }

    /// <summary>Those that it did not answer; cancelled ones are not among them.</summary>
    public long Failures { get; init; }

    /// <summary>Requests that the weights gave it.</summary>
    public long Divided { get; init; }

    /// <summary>Those of them that it answered.</summary>
    public long DividedAnswers { get; init; }

    /// <summary>Those of them that it failed.</summary>
    public long DividedFailures { get; init; }

    /// <summary>Requests in which it stood in for another arm.</summary>
    public long StandIns { get; init; }

    /// <summary>Tries beyond the first.</summary>
    public long Retries { get; init; }

    /// <summary>Failures that a fallback answered instead.</summary>
    public long Fallbacks { get; init; }

    /// <summary>Failures because the circuit was open.</summary>
    public long Refusals { get; init; }
}
