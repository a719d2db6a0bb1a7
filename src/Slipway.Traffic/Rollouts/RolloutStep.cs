namespace Slipway.Traffic.Rollouts;

/// <summary>One step of a rollout. Immutable.</summary>
public sealed record RolloutStep
{
    /// <summary>Percentage of traffic that the new version gets.</summary>
    public double Weight { get; init; }

    /// <summary>Percentage of the old version's requests that the new one gets a copy of, to be compared. Default 0: none.</summary>
    public double Shadow { get; init; }

    /// <summary>Fewest requests, or copies where there is no weight, that the new version must have answered or failed. Default 0.</summary>
    public long MinRequests { get; init; }

    /// <summary>Shortest time. Default 0.</summary>
    public TimeSpan MinTime { get; init; }

    /// <summary>Longest time before the step counts as inconclusive. Default 24 hours.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether the new version must be proven no worse before the next step; without, it is enough that no harm is shown. Default false.</summary>
    public bool Prove { get; init; }

    /// <summary>Whether feedback must prove the new version's answers no worse, with the fewest reports that the policy asks for, before the next step. Default false.</summary>
    public bool Quality { get; init; }

    /// <summary>Whether somebody has to approve before the next step. Default false.</summary>
    public bool Approval { get; init; }
}
