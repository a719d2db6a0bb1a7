namespace Slipway.Traffic.Rollouts;

/// <summary>One thing that happened to a rollout. Immutable; never changed once written.</summary>
/// <param name="Time">When.</param>
/// <param name="Kind"><c>started</c>, <c>step</c>, <c>held</c>, <c>paused</c>, <c>resumed</c>, <c>waiting</c>, <c>promoted</c>, <c>rolled-back</c>, <c>aborted</c>, <c>alias</c>, or <c>counts</c>: nothing but what was seen.</param>
/// <param name="By">Who; null for the server itself.</param>
/// <param name="State">What the rollout was afterwards, with the evidence.</param>
public sealed record RolloutEvent(DateTimeOffset Time, string Kind, string? By, RolloutState State)
{
    /// <summary>The kind of a change; null when only the counts changed.</summary>
    public static string? KindOf(RolloutState before, RolloutState after) => (before.Phase, after.Phase) switch
    {
        (_, RolloutPhase.Promoted) when before.IsActive => "promoted",
        (_, RolloutPhase.RolledBack) when before.IsActive => "rolled-back",
        (_, RolloutPhase.Aborted) when before.IsActive => "aborted",
        _ when after.Alias != before.Alias => "alias",
        _ when after.Step != before.Step => "step",
        (RolloutPhase.Holding, RolloutPhase.Holding) => before.Reason == after.Reason ? null : "held",
        var (old, now) when old == now => null,
        (_, RolloutPhase.Holding) => "held",
        (_, RolloutPhase.Paused) => "paused",
        (_, RolloutPhase.AwaitingApproval) => "waiting",
        _ => "resumed",
    };
}
