using System.Diagnostics.Metrics;

namespace Slipway.Traffic.Telemetry;

/// <summary>The instruments of this room. Names and tags are API: dashboards are built on them. Thread-safe.</summary>
public sealed class TrafficMetrics : IDisposable
{
    /// <summary>Name of the meter to subscribe to.</summary>
    public const string MeterName = "Slipway.Traffic";

    // From a tiny model's few microseconds to a large one's half minute.
    private static readonly double[] DurationBuckets =
        [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Makes the instruments.</summary>
    public TrafficMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(MeterName);
        RequestDuration = Meter.CreateHistogram(
            "slipway.traffic.request.duration", "s", "A request given to an arm, with its tries, and its code: ok or the error", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
    }

    /// <summary>What makes further instruments, read when somebody looks.</summary>
    internal Meter Meter { get; }

    internal Histogram<double> RequestDuration { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();
}
