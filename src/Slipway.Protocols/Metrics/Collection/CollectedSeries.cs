using System.Diagnostics.Metrics;
using Slipway.Core;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>Hands out the series of the collector, once there is one: a server whose metrics nobody reads has none.</summary>
internal sealed class CollectedSeries : IMetricSeriesSource
{
    private MetricCollector? _collector;

    /// <inheritdoc/>
    public IMetricSeries? Find(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        Volatile.Read(ref _collector)?.Find(instrument, labels);

    /// <summary>From now on there is a collector.</summary>
    public void Attach(MetricCollector collector) => Volatile.Write(ref _collector, collector);
}
