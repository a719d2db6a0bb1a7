namespace Slipway.Traffic.Rollouts;

/// <summary>What becomes, after a promotion, of the alias that the endpoint's arm is named by. Immutable.</summary>
/// <param name="Name">The alias.</param>
/// <param name="State">How far it is.</param>
/// <param name="Note">What is in the way, for people; empty when nothing is.</param>
public sealed record AliasMove(string Name, AliasMoveState State, string Note = "");

/// <summary>How far an alias has moved. Numbers are stored: never reuse or renumber one.</summary>
public enum AliasMoveState
{
    /// <summary>It is still to be moved; tried again until it succeeds or can't.</summary>
    Pending = 0,

    /// <summary>The registry has moved it; each replica goes by the rollout until it has seen that, then by the alias.</summary>
    Moved = 1,

    /// <summary>It can't be moved; the endpoint goes by the rollout until its configuration changes.</summary>
    Refused = 2,
}
