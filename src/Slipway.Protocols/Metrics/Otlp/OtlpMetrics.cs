using Google.Protobuf;
using Slipway.Protocols.Metrics.Collection;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Otlp;

/// <summary>
/// What the collector has, as OTLP's message for metrics: the same numbers that scrapers see, under the names that the instruments have. Sums and histograms are cumulative, counted
/// from the making of this object, which begins the collecting. Thread-safe.
/// </summary>
public sealed class OtlpMetrics
{
    private readonly MetricCollector _collector;
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, string>[] _resource;
    private readonly DateTimeOffset _started;

    /// <summary>Begins to collect.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="time">The clock.</param>
    /// <param name="resource">Attributes of the resource that sends, such as <c>service.name</c>.</param>
    internal OtlpMetrics(MetricCollector collector, TimeProvider time, IEnumerable<KeyValuePair<string, string>> resource)
    {
        _collector = collector;
        _time = time;
        _resource = [.. resource];
        _started = time.GetUtcNow();
    }

    /// <summary>An <c>ExportMetricsServiceRequest</c> with everything as it is now.</summary>
    public byte[] Encode()
    {
        List<MetricFamily> families = [];
        _collector.Collect(families);
        return new OtlpEncoder(_resource, _started, _time.GetUtcNow()).Encode(families).ToByteArray();
    }
}
