using Slipway.Core;
using Slipway.Protocols.Metrics.Exposition;
using MetricPoint = Slipway.Protocols.Metrics.Exposition.MetricPoint;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>What has been recorded of one instrument. Thread-safe.</summary>
/// <param name="origin">The instrument.</param>
/// <param name="name">Name of the family.</param>
/// <param name="kind">Type of the family.</param>
/// <param name="unit">Unit as OpenMetrics names it.</param>
/// <param name="help">Description of the instrument.</param>
internal abstract class InstrumentState(InstrumentOrigin origin, string name, MetricKind kind, string unit, string help)
{
    /// <summary>Name of the family.</summary>
    public string Name => name;

    /// <summary>Type of the family.</summary>
    public MetricKind Kind => kind;

    /// <summary>Takes a measurement of an integer instrument.</summary>
    public abstract void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Takes a measurement of a floating point instrument.</summary>
    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>The series of these tags, to be recorded into directly; null for a kind of instrument that has none for good.</summary>
    public virtual IMetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) => null;

    /// <summary>Called before observable instruments are asked: what they don't report this time is gone.</summary>
    public virtual void BeginObservation()
    {
    }

    /// <summary>The series as they are now, ordered by label set.</summary>
    public MetricFamily Snapshot()
    {
        MetricFamily family = new(name, kind, unit, help) { Origin = origin };
        AddPoints(family.Points);
        family.Points.Sort(static (left, right) => string.CompareOrdinal(left.Labels.Text, right.Labels.Text));
        return family;
    }

    /// <summary>Adds a point per series.</summary>
    protected abstract void AddPoints(List<MetricPoint> points);
}
