namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>A metric and its series at one moment.</summary>
/// <param name="name">Valid name without the suffixes <c>_total</c> and <c>_info</c>, ending in <paramref name="unit"/> where there is one.</param>
/// <param name="kind">Type.</param>
/// <param name="unit">Unit as OpenMetrics names it (<c>seconds</c>, <c>bytes</c>); empty when there is none.</param>
/// <param name="help">What it means, any text; empty when there is nothing to say.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string unit, string help)
{
    /// <summary>Valid name without the suffixes <c>_total</c> and <c>_info</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Type.</summary>
    public MetricKind Kind { get; } = kind;

    /// <summary>Unit; empty when there is none.</summary>
    public string Unit { get; } = unit;

    /// <summary>What it means.</summary>
    public string Help { get; } = help;

    /// <summary>The instrument it comes from; null when it comes from none.</summary>
    public InstrumentOrigin? Origin { get; init; }

    /// <summary>Series, each label set once.</summary>
    public List<MetricPoint> Points { get; } = [];

    /// <summary>Adds a series.</summary>
    public MetricFamily Add(LabelSet labels, double value)
    {
        Points.Add(new MetricPoint(labels, value, null));
        return this;
    }
}

/// <summary>One series at one moment.</summary>
/// <param name="Labels">Labels.</param>
/// <param name="Value">Value; not used by histograms.</param>
/// <param name="Histogram">Buckets; null for every other kind.</param>
internal readonly record struct MetricPoint(LabelSet Labels, double Value, HistogramSnapshot? Histogram);
