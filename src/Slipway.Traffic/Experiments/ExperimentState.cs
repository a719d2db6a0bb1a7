namespace Slipway.Traffic.Experiments;

/// <summary>All that is kept of an experiment besides its units. Immutable.</summary>
public sealed record ExperimentState
{
    /// <summary>What it is, as it was when it started.</summary>
    public required ExperimentDefinition Definition { get; init; }

    /// <summary>Whether somebody defined it while the server ran; otherwise the configuration has it.</summary>
    public bool IsDefinedByHand { get; init; }

    /// <summary>Where it is.</summary>
    public ExperimentPhase Phase { get; init; }

    /// <summary>Why it is there, for people.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When it started; null before.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The arms, the control first; empty before the start.</summary>
    public IReadOnlyList<string> Arms { get; init; } = [];

    /// <summary>Their shares, together 1.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [];

    /// <summary>What the endpoint's arms were at the start: models, versions and weights.</summary>
    public string Division { get; init; } = "";

    /// <summary>Looks so far.</summary>
    public long Looks { get; init; }

    /// <summary>Shares of the horizon at planned looks that have been taken.</summary>
    public IReadOnlyList<double> Taken { get; init; } = [];

    /// <summary>Boundary of |z| at the next planned look; null: none is planned.</summary>
    public double? NextBoundary { get; init; }

    /// <summary>Smallest p-values so far, by metric and arm.</summary>
    public IReadOnlyDictionary<string, double> SmallestP { get; init; } = new Dictionary<string, double>();

    /// <summary>Smallest p-value of the division so far.</summary>
    public double SharesPValue { get; init; } = 1;

    /// <summary>What was concluded of arms.</summary>
    public IReadOnlyDictionary<string, Verdict> Conclusions { get; init; } = new Dictionary<string, Verdict>();

    /// <summary>The latest findings; null: none yet.</summary>
    public ExperimentFindings? Findings { get; init; }

    /// <summary>How the primary comparisons went, thinned.</summary>
    public IReadOnlyList<ExperimentPoint> History { get; init; } = [];

    /// <summary>What happened, oldest first.</summary>
    public IReadOnlyList<ExperimentEvent> Log { get; init; } = [];

    /// <summary>Entities that took no part because there were too many.</summary>
    public long TurnedAway { get; init; }

    /// <summary>Whether the division is not as planned, so that nothing may be concluded.</summary>
    public bool IsMismatched => SharesPValue < Slipway.Statistics.ShareGuard.Alarm;

    /// <summary>With one more thing that happened.</summary>
    public ExperimentState Note(DateTimeOffset time, string kind, string text, string? by = null) => this with { Log = [.. Log, new ExperimentEvent(time, kind, text, by)] };
}

/// <summary>Where an experiment is. Numbers are stored: never reuse or renumber one.</summary>
public enum ExperimentPhase
{
    /// <summary>Nobody has started it.</summary>
    Waiting = 0,

    /// <summary>Units are counted.</summary>
    Running = 1,

    /// <summary>Every arm is judged.</summary>
    Concluded = 2,

    /// <summary>Its time or its units are over without a conclusion on every arm.</summary>
    Inconclusive = 3,

    /// <summary>Somebody stopped it, or what it ran on changed.</summary>
    Stopped = 4,

    /// <summary>It ended while the division was not as planned: nothing may be concluded.</summary>
    Invalid = 5,
}

/// <summary>One thing that happened.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind"><c>started</c>, <c>mismatch</c>, <c>look</c>, <c>verdict</c>, <c>ended</c>.</param>
/// <param name="Text">What, for people.</param>
/// <param name="By">Who; null for the server itself.</param>
public sealed record ExperimentEvent(DateTimeOffset Time, string Kind, string Text, string? By);

/// <summary>One primary comparison at one look.</summary>
/// <param name="Time">When.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Units">Units of arm and control that counted.</param>
/// <param name="Difference">Estimate.</param>
/// <param name="Low">Lower end of the interval; null: none.</param>
/// <param name="High">Upper end; null: none.</param>
public sealed record ExperimentPoint(DateTimeOffset Time, string Arm, long Units, double Difference, double? Low, double? High);
