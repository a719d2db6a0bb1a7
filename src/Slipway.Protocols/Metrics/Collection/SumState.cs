using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Counters and up-down counters: a sum per series.</summary>
internal sealed class SumState(string name, MetricKind kind, string unit, string help, int maxSeries, KeyValuePair<string, object?>[] fixedTags)
    : InstrumentState(name, kind, unit, help)
{
    private const int Integers = 0;
    private const int Doubles = 1;

    private readonly SeriesTable<Stripes> _series = new(maxSeries, fixedTags, static () => new Stripes(2));
    private readonly bool _monotonic = kind != MetricKind.Gauge;

    /// <inheritdoc/>
    public override void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (value >= 0 || !_monotonic)
        {
            Stripes stripes = _series.Get(tags);
            stripes.Add(stripes.Here(), Integers, value);
        }
    }

    /// <inheritdoc/>
    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // Not a number would stick to the sum for good.
        if (double.IsFinite(value) && (value >= 0 || !_monotonic))
        {
            Stripes stripes = _series.Get(tags);
            stripes.Add(stripes.Here(), Doubles, value);
        }
    }

    /// <inheritdoc/>
    protected override void AddPoints(List<MetricPoint> points)
    {
        foreach ((LabelSet labels, Stripes stripes) in _series.All)
        {
            points.Add(new MetricPoint(labels, stripes.ReadInteger(Integers) + stripes.ReadDouble(Doubles), null));
        }
    }
}
