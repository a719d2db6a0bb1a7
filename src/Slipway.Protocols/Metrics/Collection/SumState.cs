using Slipway.Core;
using Slipway.Protocols.Metrics.Exposition;
using MetricPoint = Slipway.Protocols.Metrics.Exposition.MetricPoint;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Counters and up-down counters: a sum per series.</summary>
internal sealed class SumState(
    InstrumentOrigin origin, string name, MetricKind kind, string unit, string help, int maxSeries, KeyValuePair<string, object?>[] fixedTags)
    : InstrumentState(origin, name, kind, unit, help)
{
    private readonly SeriesTable<SumSeries> _series = new(maxSeries, fixedTags, () => new SumSeries(monotonic: kind != MetricKind.Gauge));

    /// <inheritdoc/>
    public override void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags).Record(value);

    /// <inheritdoc/>
    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags).Record(value);

    /// <inheritdoc/>
    public override IMetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags);

    /// <inheritdoc/>
    protected override void AddPoints(List<MetricPoint> points)
    {
        foreach ((LabelSet labels, SumSeries series) in _series.All)
        {
            points.Add(new MetricPoint(labels, series.Value, null));
        }
    }
}
