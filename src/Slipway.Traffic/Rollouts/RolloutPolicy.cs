namespace Slipway.Traffic.Rollouts;

/// <summary>What counts as harm, what as proof, and how often a rollout may be wrong. Immutable.</summary>
public sealed record RolloutPolicy
{
    private const int MaxMetrics = 20;
    private const int MaxWindows = 50;

    /// <summary>Most often that a version that does no harm may be rolled back, over the whole rollout and all looks. Default 0.05.</summary>
    public double FalseRollback { get; init; } = 0.05;

    /// <summary>Most often that a version worse by a margin may pass a proof. Default 0.05.</summary>
    public double FalsePromote { get; init; } = 0.05;

    /// <summary>The share of failed requests may be larger by this, absolute. Default 0.01.</summary>
    public double ErrorMargin { get; init; } = 0.01;

    /// <summary>Differences of failures below this are no reason to roll back, however certain. Default 0.001.</summary>
    public double ErrorIgnored { get; init; } = 0.001;

    /// <summary>
    /// A request is slow when it takes longer than this; null (default): longer than the old version's 95th percentile at the start, and <see cref="Slowdown"/> more.
    /// </summary>
    public TimeSpan? SlowAfter { get; init; }

    /// <summary>See <see cref="SlowAfter"/>; 0.25 (default) is a quarter longer.</summary>
    public double Slowdown { get; init; } = 0.25;

    /// <summary>The share of slow requests may be larger by this, absolute. Default 0.05.</summary>
    public double SlowMargin { get; init; } = 0.05;

    /// <summary>Differences of slow requests below this are no reason to roll back, however certain. Default 0.02.</summary>
    public double SlowIgnored { get; init; } = 0.02;

    /// <summary>Share of compared requests whose answers may differ. Default 0.25: a heuristic, to be set to what one expects of the new version.</summary>
    public double MaxDisagreement { get; init; } = 0.25;

    /// <summary>Numbers that differ by no more than this, relative to the larger of 1 and the old version's, are the same answer. Default 0.1.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>What feedback says about answers; null (default): it takes no part.</summary>
    public QualityPolicy? Quality { get; init; }

    /// <summary>Names of metrics (<see cref="RolloutMetric"/>) that are watched. Default: none.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>When the rollout may go forward; going back needs no window. Empty (default): always.</summary>
    public IReadOnlyList<RolloutWindow> Windows { get; init; } = [];

    /// <summary>What happens when a step's longest time has passed without proof. Default: hold.</summary>
    public Inconclusive OnInconclusive { get; init; } = Inconclusive.Hold;

    /// <summary>Whether the old version answers what the new one fails. Default true.</summary>
    public bool Shield { get; init; } = true;

    /// <summary>Every fault, with its key.</summary>
    public IEnumerable<string> FindFaults()
    {
        if (FalseRollback is not (> 0 and <= 0.5))
        {
            yield return "falseRollback: a number above 0 and up to 0.5 is expected";
        }

        if (FalsePromote is not (> 0 and <= 0.5))
        {
            yield return "falsePromote: a number above 0 and up to 0.5 is expected";
        }

        foreach ((string key, double value) in new[]
        {
            ("errorMargin", ErrorMargin), ("slowMargin", SlowMargin), ("maxDisagreement", MaxDisagreement),
        })
        {
            if (value is not (> 0 and < 1))
            {
                yield return $"{key}: a number above 0 and below 1 is expected";
            }
        }

        if (!(ErrorIgnored >= 0) || !(SlowIgnored >= 0) || !(Slowdown >= 0) || !(Tolerance >= 0) || SlowAfter <= TimeSpan.Zero)
        {
            yield return "errorIgnored, slowIgnored, slowdown and tolerance: numbers of 0 or more are expected, slowAfter: a duration above 0";
        }

        if (Metrics.Count > MaxMetrics || Metrics.Distinct(StringComparer.Ordinal).Count() != Metrics.Count)
        {
            yield return $"metrics: at most {MaxMetrics} names are expected, each once";
        }

        if (Windows.Count > MaxWindows)
        {
            yield return $"windows: at most {MaxWindows} are allowed";
        }

        foreach (string fault in Quality?.FindFaults() ?? [])
        {
            yield return fault;
        }
    }
}

/// <summary>What a rollout does when it can't tell.</summary>
public enum Inconclusive
{
    /// <summary>Stays where it is and says so.</summary>
    Hold,

    /// <summary>Goes back.</summary>
    RollBack,

    /// <summary>Goes on.</summary>
    Promote,
}
