namespace Slipway.Client.Rollouts;

/// <summary>A rollout as it is.</summary>
/// <param name="Id">Identifier.</param>
/// <param name="Endpoint">Name of the endpoint or model.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="From">Number of the old version.</param>
/// <param name="To">Number of the new version.</param>
/// <param name="Plan">Name of the plan.</param>
/// <param name="Phase"><c>running</c>, <c>holding</c>, <c>paused</c>, <c>awaitingApproval</c>, <c>promoted</c>, <c>rolledBack</c> or <c>aborted</c>.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Step">Present step, from 1; one more than there are when all are done.</param>
/// <param name="Steps">Steps of the plan.</param>
/// <param name="Started">When it started.</param>
/// <param name="Findings">What each measure says.</param>
/// <param name="Stages">What was counted, step by step.</param>
public sealed record RolloutDescription(
    string Id,
    string Endpoint,
    string Model,
    long From,
    long To,
    string Plan,
    string Phase,
    string Reason,
    int Step,
    IReadOnlyList<RolloutStepBody> Steps,
    DateTimeOffset Started,
    IReadOnlyList<RolloutFindingBody> Findings,
    IReadOnlyList<RolloutStageBody> Stages)
{
    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Who started it; null when unknown.</summary>
    public string? StartedBy { get; init; }

    /// <summary>What became of the alias that the endpoint's arm is named by; null when there is none to move.</summary>
    public RolloutAliasBody? Alias { get; init; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver => Ended is not null;
}

/// <summary>An alias that a promotion moves.</summary>
/// <param name="Name">The alias.</param>
/// <param name="State"><c>pending</c>, <c>moved</c> or <c>refused</c>.</param>
/// <param name="Note">What is in the way; null when nothing is.</param>
public sealed record RolloutAliasBody(string Name, string State, string? Note);

/// <summary>What one measure says.</summary>
/// <param name="Measure"><c>errors</c>, <c>slow</c>, <c>shadow-errors</c>, <c>disagreement</c>, <c>quality</c>, <c>shares</c>, or <c>metric:</c> and the name of a metric.</param>
/// <param name="Old">Rate of the old version, or what is allowed.</param>
/// <param name="New">Rate of the new version.</param>
/// <param name="Evidence">Evidence of harm, to 1; valid at every look.</param>
/// <param name="Harm">Whether harm is shown.</param>
/// <param name="Proven">Whether it is proven to be no worse than the margin.</param>
/// <param name="Worst">Largest that the difference may still be.</param>
public sealed record RolloutFindingBody(string Measure, double? Old, double? New, double Evidence, bool Harm, bool Proven, double? Worst)
{
    /// <summary>What else is to be said; null when nothing is.</summary>
    public string? Note { get; init; }
}

/// <summary>What was counted during one step.</summary>
/// <param name="Step">Step, from 1.</param>
/// <param name="Weight">Percentage of the new version.</param>
/// <param name="Old">The old version.</param>
/// <param name="New">The new version.</param>
/// <param name="Copies">Copies that the new version got.</param>
/// <param name="CopyFailures">Copies that it failed.</param>
/// <param name="Disagreeing">Copies that it answered otherwise.</param>
public sealed record RolloutStageBody(int Step, double Weight, RolloutSideBody Old, RolloutSideBody New, long Copies, long CopyFailures, long Disagreeing);

/// <summary>What one side did.</summary>
/// <param name="Requests">Requests answered or failed.</param>
/// <param name="Failures">Failed ones.</param>
/// <param name="Timed">Answered ones since it was known what slow is.</param>
/// <param name="Slow">Slow ones among them.</param>
public sealed record RolloutSideBody(long Requests, long Failures, long Timed, long Slow)
{
    /// <summary>Reports about its answers; null when there are none.</summary>
    public long? Reports { get; init; }

    /// <summary>Mean loss that they mean, 0 to 1: with reports of right and wrong, the share of wrong answers; null when there are none.</summary>
    public double? Loss { get; init; }
}

/// <summary>One thing that happened to a rollout, with what was known then.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind"><c>started</c>, <c>step</c>, <c>held</c>, <c>paused</c>, <c>resumed</c>, <c>waiting</c>, <c>promoted</c>, <c>rolled-back</c>, <c>aborted</c>, <c>alias</c>, or <c>counts</c>: nothing but what was seen.</param>
/// <param name="By">Who; null for the server itself.</param>
/// <param name="Phase">The phase afterwards.</param>
/// <param name="Step">The step afterwards, from 1.</param>
/// <param name="Reason">Why.</param>
/// <param name="Findings">The evidence.</param>
public sealed record RolloutEventBody(DateTimeOffset Time, string Kind, string? By, string Phase, int Step, string Reason, IReadOnlyList<RolloutFindingBody> Findings);

/// <summary>Events, oldest first.</summary>
/// <param name="Events">The events.</param>
public sealed record RolloutEventList(IReadOnlyList<RolloutEventBody> Events);

/// <summary>Rollouts, latest first.</summary>
/// <param name="Rollouts">The rollouts.</param>
public sealed record RolloutList(IReadOnlyList<RolloutDescription> Rollouts);
