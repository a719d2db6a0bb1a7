namespace Slipway.Traffic.Rollouts;

/// <summary>What a metric says about a rollout now.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Old">The number of the old version; null where it isn't asked for or there is none.</param>
/// <param name="New">The number of the new version; null when there is none.</param>
/// <param name="Verdict">What follows.</param>
/// <param name="Note">Why, for people; empty when all is well.</param>
public sealed record RolloutMetricReading(string Name, double? Old, double? New, MetricVerdict Verdict, string Note)
{
    /// <summary>A metric that was not asked for yet.</summary>
    public static RolloutMetricReading Unknown(string name) => new(name, null, null, MetricVerdict.Waits, "it was not asked for yet");
}

/// <summary>What follows from a metric.</summary>
public enum MetricVerdict
{
    /// <summary>It is within its limits, or nothing is to follow from it.</summary>
    Passes,

    /// <summary>The rollout doesn't go forward yet.</summary>
    Waits,

    /// <summary>The rollout is held.</summary>
    Holds,

    /// <summary>The rollout goes back.</summary>
    RollsBack,
}
