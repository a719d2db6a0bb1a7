using System.Diagnostics.Metrics;
using Slipway.Core;

namespace Slipway.Inference.Telemetry;

/// <summary>The instruments of this room. Names and tags are API: dashboards are built on them. Thread-safe.</summary>
internal sealed class InferenceMetrics : IDisposable
{
    /// <summary>Name of the meter to subscribe to.</summary>
    public const string MeterName = "Slipway.Inference";

    // From a tiny model's few microseconds to a large one's half minute: factors of about two and a half.
    private static readonly double[] DurationBuckets =
        [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private static readonly double[] LoadBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

    private static readonly int[] RowBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">Makes the meter.</param>
    /// <param name="series">The collector; null: there is none.</param>
    public InferenceMetrics(IMeterFactory factory, IMetricSeriesSource? series = null)
    {
        Series = series;
        _meter = factory.Create(MeterName);
        RequestDuration = Duration("slipway.inference.request.duration", "From arrival at the model until the answer, with its code: ok or the error", DurationBuckets);
        QueueDuration = Duration("slipway.inference.queue.duration", "Waiting until the batch was closed", DurationBuckets);
        BatchDuration = Duration("slipway.inference.batch.duration", "One batch: gathering inputs, the run, scattering outputs", DurationBuckets);
        ComputeDuration = Duration("slipway.inference.compute.duration", "One run inside the engine", DurationBuckets);
        LoadDuration = Duration("slipway.inference.load.duration", "Loading and warming a version, with its result", LoadBuckets);
        BatchSize = _meter.CreateHistogram("slipway.inference.batch.size", "{row}", "Rows run together, with the reason the batch was closed", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = RowBuckets });
        Rejected = _meter.CreateCounter<long>("slipway.inference.rejected", "{request}", "Requests refused before they ran, with the reason");
        CacheLookups = _meter.CreateCounter<long>("slipway.inference.cache.lookups", "{lookup}", "Look-ups in the response cache, with the result: hit, miss or shared");
    }

    /// <summary>The collector; null: there is none.</summary>
    internal IMetricSeriesSource? Series { get; }

    internal Histogram<double> RequestDuration { get; }

    internal Histogram<double> QueueDuration { get; }

    internal Histogram<double> BatchDuration { get; }

    internal Histogram<double> ComputeDuration { get; }

    internal Histogram<double> LoadDuration { get; }

    internal Histogram<int> BatchSize { get; }

    internal Counter<long> Rejected { get; }

    internal Counter<long> CacheLookups { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Adds what is read from the state when somebody looks, at no cost to requests.</summary>
    /// <param name="versions">Every version that is or was more than registered.</param>
    /// <param name="threads">How many threads there are to run models on.</param>
    internal void Observe(Func<IEnumerable<ObservedVersion>> versions, Func<int> threads)
    {
        _meter.CreateObservableUpDownCounter("slipway.inference.threads", threads, "{thread}", "Threads that run models, beside those of the web server and the engine's own");
        _meter.CreateObservableUpDownCounter("slipway.inference.in_flight",
            () => versions().Where(static version => version.IsLoaded).Select(static version => new Measurement<long>(version.InFlight, version.Tags)),
            "{request}", "Requests that hold a version now");
        _meter.CreateObservableUpDownCounter("slipway.inference.pending",
            () => versions().Where(static version => version.IsLoaded).Select(static version => new Measurement<long>(version.Pending, version.Tags)),
            "{request}", "Requests waiting in a model's queue now");
        _meter.CreateObservableGauge("slipway.inference.model.state",
            () => versions().Select(static version => new Measurement<int>((int)version.State, version.Tags)),
            "{state}", "Where a version is: 0 unknown, 1 loading, 2 warming, 3 ready, 4 draining, 5 unloaded, 6 failed");
        _meter.CreateObservableUpDownCounter("slipway.inference.model.memory",
            () => versions().Where(static version => version.IsLoaded).Select(static version => new Measurement<long>(version.MemoryBytes, version.Tags)),
            "By", "Memory that loading a version took");
        _meter.CreateObservableUpDownCounter("slipway.inference.cache.size",
            () => versions().Where(static version => version.CacheBytes is not null)
                .Select(static version => new Measurement<long>(version.CacheBytes!.Value, version.Tags)),
            "By", "Answers kept in the response cache");
    }

    private Histogram<double> Duration(string name, string description, double[] buckets) =>
        _meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
