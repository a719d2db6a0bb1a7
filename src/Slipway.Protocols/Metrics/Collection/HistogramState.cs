using Slipway.Core;
using Slipway.Protocols.Metrics.Exposition;
using MetricPoint = Slipway.Protocols.Metrics.Exposition.MetricPoint;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Histograms with fixed bounds.</summary>
internal sealed class HistogramState(
    InstrumentOrigin origin,
    string name,
    string unit,
    string help,
    int maxSeries,
    KeyValuePair<string, object?>[] fixedTags,
    double[] bounds,
    TimeProvider? exemplarTime)
    : InstrumentState(origin, name, MetricKind.Histogram, unit, help)
{
    private readonly SeriesTable<HistogramSeries> _series = new(maxSeries, fixedTags, () => new HistogramSeries(bounds, exemplarTime));

    /// <inheritdoc/>
    public override void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags).Record(value);

    /// <inheritdoc/>
    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags).Record(value);

    /// <inheritdoc/>
    public override IMetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) => _series.Get(tags);

    /// <inheritdoc/>
    protected override void AddPoints(List<MetricPoint> points)
    {
        foreach ((LabelSet labels, HistogramSeries series) in _series.All)
        {
            points.Add(new MetricPoint(labels, 0, series.Snapshot()));
        }
    }
}
