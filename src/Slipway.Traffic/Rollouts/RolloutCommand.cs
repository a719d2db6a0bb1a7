namespace Slipway.Traffic.Rollouts;

/// <summary>What people may tell a rollout.</summary>
public enum RolloutCommand
{
    /// <summary>Stay; harm still rolls back.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>Go to the next step now.</summary>
    Promote,

    /// <summary>Give the old version everything.</summary>
    Abort,
}
