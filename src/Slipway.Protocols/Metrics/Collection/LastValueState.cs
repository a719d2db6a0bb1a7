using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Gauges and everything observable: the last value per series. What an observable instrument no longer reports disappears.</summary>
internal sealed class LastValueState(
    InstrumentOrigin origin,
    string name,
    MetricKind kind,
    string unit,
    string help,
    int maxSeries,
    KeyValuePair<string, object?>[] fixedTags,
    bool observable)
    : InstrumentState(origin, name, kind, unit, help)
{
    private SeriesTable<Cell> _series = Table(maxSeries, fixedTags);

    /// <inheritdoc/>
    public override void BeginObservation()
    {
        if (observable)
        {
            _series = Table(maxSeries, fixedTags);
        }
    }

    /// <inheritdoc/>
    public override void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Volatile.Write(ref _series.Get(tags).Value, value);

    /// <inheritdoc/>
    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Volatile.Write(ref _series.Get(tags).Value, value);

    /// <inheritdoc/>
    protected override void AddPoints(List<MetricPoint> points)
    {
        foreach ((LabelSet labels, Cell cell) in _series.All)
        {
            points.Add(new MetricPoint(labels, Volatile.Read(ref cell.Value), null));
        }
    }

    private static SeriesTable<Cell> Table(int maxSeries, KeyValuePair<string, object?>[] fixedTags) => new(maxSeries, fixedTags, static () => new Cell());

    private sealed class Cell
    {
        public double Value;
    }
}
