namespace Slipway.Traffic.Experiments;

/// <summary>A value of each unit. Immutable.</summary>
public sealed record MetricDefinition
{
    /// <summary>Name of the metric that is a unit's first answer's time, in seconds.</summary>
    public const string Latency = "latency";

    /// <summary>Name of the metric that is 1 when a unit's first request failed, else 0.</summary>
    public const string Errors = "errors";

    /// <summary>Name; <see cref="Latency"/> and <see cref="Errors"/> are measured, others reported.</summary>
    public required string Name { get; init; }

    /// <summary>How units are summarised.</summary>
    public MetricKind Kind { get; init; }

    /// <summary>Which quantile, in (0, 1). Default 0.95.</summary>
    public double Quantile { get; init; } = 0.95;

    /// <summary>Whether less is better. Default false.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>
    /// How long after a unit's first request reports count. They add up, a unit without any has 0, and nobody counts before the time has passed for him. Null (default): the first report
    /// counts at once, and units without one are not counted.
    /// </summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Whether the server measures it itself.</summary>
    public bool IsMeasured => Name is Latency or Errors;

    /// <summary>A measured metric as it is when nothing else is said: the 95th percentile of latency, the rate of errors.</summary>
    public static MetricDefinition Measured(string name) => new() { Name = name, Kind = name == Errors ? MetricKind.Rate : MetricKind.Quantile, LowerIsBetter = true };
}

/// <summary>How the units of an arm are summarised.</summary>
public enum MetricKind
{
    /// <summary>Share of units with a value above 0.</summary>
    Rate,

    /// <summary>Mean.</summary>
    Mean,

    /// <summary>Quantile.</summary>
    Quantile,
}

/// <summary>A metric that must not become worse.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Margin">By how much it may, absolute, 0 or more.</param>
public sealed record GuardrailDefinition(string Metric, double Margin);
