namespace Slipway.Statistics.Planning;

/// <summary>What somebody who plans an experiment knows and wants. Immutable; <see cref="PlanCheck"/> says what is wrong with one.</summary>
public sealed record PlanRequest
{
    /// <summary>What is compared between arms.</summary>
    public PlannedMetric Metric { get; init; }

    /// <summary>Rate of the control, 0 to 1, for <see cref="PlannedMetric.Proportion"/>; elsewhere its mean or quantile, used only to say the effect in percent.</summary>
    public double Baseline { get; init; }

    /// <summary>Standard deviation of one unit, above 0; for means, and for quantiles of a normal law. Null: not known.</summary>
    public double? Deviation { get; init; }

    /// <summary>Which quantile, for <see cref="PlannedMetric.Quantile"/>. Default 0.95.</summary>
    public double Quantile { get; init; } = 0.95;

    /// <summary>Density of the values at the quantile, per unit of measure; null: that of a normal law with <see cref="Deviation"/>.</summary>
    public double? Density { get; init; }

    /// <summary>Smallest difference to the control that is worth seeing, absolute, not 0; for <see cref="IsNonInferiority"/> the margin.</summary>
    public double Effect { get; init; }

    /// <summary>Chance of a false finding, over all comparisons together. Default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Chance of missing an effect that is there. Default 0.2: a power of 80 percent.</summary>
    public double Beta { get; init; } = 0.2;

    /// <summary>Shares of the units that the arms get, the control first; they need not sum to anything. Default: two equal arms.</summary>
    public IReadOnlyList<double> Shares { get; init; } = [1, 1];

    /// <summary>Primary metrics that are tested for every arm. Default 1.</summary>
    public int Metrics { get; init; } = 1;

    /// <summary>Correlation of the metric with a value known before (<see cref="Cuped"/>); the variance shrinks by its square. Default 0.</summary>
    public double Correlation { get; init; }

    /// <summary>Whether to prove that the treatment is not worse by the margin, with no difference in truth; one-sided. Default false: to find a difference.</summary>
    public bool IsNonInferiority { get; init; }

    /// <summary>When the data is looked at.</summary>
    public PlannedDesign Design { get; init; }

    /// <summary>Number of equally spaced looks of a group-sequential design. Default 5.</summary>
    public int Looks { get; init; } = 5;

    /// <summary>Boundaries of a group-sequential design.</summary>
    public BoundaryShape Shape { get; init; }
}

/// <summary>Kinds of metrics.</summary>
public enum PlannedMetric
{
    /// <summary>Share of units to which something happens.</summary>
    Proportion,

    /// <summary>Mean of a value of each unit.</summary>
    Mean,

    /// <summary>Quantile of a value of each unit, such as a latency's.</summary>
    Quantile,
}

/// <summary>When the data of an experiment is looked at.</summary>
public enum PlannedDesign
{
    /// <summary>Once, at the end: the fewest units, and no look before.</summary>
    Fixed,

    /// <summary>At a few planned times, with boundaries that keep the error.</summary>
    GroupSequential,

    /// <summary>At any time and as often as one likes.</summary>
    AlwaysValid,
}

/// <summary>How the boundaries of a group-sequential design fall.</summary>
public enum BoundaryShape
{
    /// <summary>Strict at first, nearly that of a fixed sample at the end (O'Brien and Fleming 1979).</summary>
    OBrienFleming,

    /// <summary>The same at every look (Pocock 1977).</summary>
    Pocock,
}
