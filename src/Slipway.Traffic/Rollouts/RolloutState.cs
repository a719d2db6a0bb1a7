namespace Slipway.Traffic.Rollouts;

/// <summary>All that a rollout is at one moment; written with every event, so that the last one is where to go on. Immutable.</summary>
public sealed record RolloutState
{
    /// <summary>Identifier, unique for ever.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the endpoint, or of the model when there is no endpoint of that name.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Name of the arm that changes its version.</summary>
    public required string Arm { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Number of the old version.</summary>
    public required long From { get; init; }

    /// <summary>What the arm named before, such as <c>@champion</c>; empty for the default version.</summary>
    public string FromSelector { get; init; } = "";

    /// <summary>Number of the new version.</summary>
    public required long To { get; init; }

    /// <summary>Steps.</summary>
    public required RolloutPlan Plan { get; init; }

    /// <summary>What counts.</summary>
    public required RolloutPolicy Policy { get; init; }

    /// <summary>Where it is.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>Position of the present step; the number of steps when all are done.</summary>
    public int Step { get; init; }

    /// <summary>When the present step began, or was resumed.</summary>
    public DateTimeOffset StepSince { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Who started it; null when unknown.</summary>
    public string? StartedBy { get; init; }

    /// <summary>Why it is where it is, for people.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Position of the latency bucket above which a request is slow; null until it is known.</summary>
    public int? SlowAbove { get; init; }

    /// <summary>What was seen, step by step, up to the last event.</summary>
    public IReadOnlyList<StageCounts> Stages { get; init; } = [];

    /// <summary>What that means.</summary>
    public IReadOnlyList<RolloutFinding> Findings { get; init; } = [];

    /// <summary>What becomes of the alias that the arm is named by; null until a promotion, and where the arm names none.</summary>
    public AliasMove? Alias { get; init; }

    /// <summary>Whether it still holds the endpoint.</summary>
    public bool IsActive => Phase is RolloutPhase.Running or RolloutPhase.Holding or RolloutPhase.Paused or RolloutPhase.AwaitingApproval;

    /// <summary>The present step; null when there is none.</summary>
    public RolloutStep? Current => Step < Plan.Steps.Count ? Plan.Steps[Step] : null;
}

/// <summary>Where a rollout is. Numbers are stored: never reuse or renumber one.</summary>
public enum RolloutPhase
{
    /// <summary>The present step is watched.</summary>
    Running = 0,

    /// <summary>Something has to be looked at before it goes on; watched for harm all the same.</summary>
    Holding = 1,

    /// <summary>Somebody paused it; watched for harm all the same.</summary>
    Paused = 2,

    /// <summary>The step is done and somebody has to approve the next.</summary>
    AwaitingApproval = 3,

    /// <summary>The new version has everything.</summary>
    Promoted = 4,

    /// <summary>The old version has everything again, because of harm.</summary>
    RolledBack = 5,

    /// <summary>The old version has everything again, because somebody said so.</summary>
    Aborted = 6,
}
