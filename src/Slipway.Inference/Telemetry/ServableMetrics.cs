using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Inference.Telemetry;

/// <summary>Records what one version does; its labels are made, and their series found, once. Thread-safe.</summary>
internal sealed class ServableMetrics
{
    private readonly InferenceMetrics _metrics;
    private readonly ServableInfo _info;
    private readonly bool _isBatched;
    private readonly double _secondsPerTick;
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly LabeledHistogram<double> _succeeded;
    private readonly LabeledHistogram<double> _queue;
    private readonly LabeledHistogram<double> _compute;
    private readonly LabeledHistogram<double> _batch;

    // By code, reason and result: a handful of constants.
    private readonly ConcurrentDictionary<string, LabeledHistogram<double>> _failed = new(concurrencyLevel: 1, capacity: 3);
    private readonly ConcurrentDictionary<string, LabeledHistogram<int>> _sizes = new(concurrencyLevel: 1, capacity: 3);
    private readonly ConcurrentDictionary<string, LabeledCounter> _rejected = new(concurrencyLevel: 1, capacity: 3);
    private readonly ConcurrentDictionary<string, LabeledCounter> _lookups = new(concurrencyLevel: 1, capacity: 3);

    public ServableMetrics(InferenceMetrics metrics, ServableInfo info, TimeProvider time)
    {
        _metrics = metrics;
        _info = info;
        _isBatched = info.Config.Batching is not null;
        _secondsPerTick = 1.0 / time.TimestampFrequency;
        _tags = MetricTags.Of(info.ModelName, info.Version, info.Config);
        _succeeded = Labeled(metrics.RequestDuration, "code", "ok");
        _queue = new(metrics.QueueDuration, metrics.Series, _tags);
        _compute = new(metrics.ComputeDuration, metrics.Series, _tags);
        _batch = new(metrics.BatchDuration, metrics.Series, _tags);
    }

    /// <summary>Tags of the version.</summary>
    public KeyValuePair<string, object?>[] Tags => _tags;

    public void Succeeded(long totalTicks) => _succeeded.Record(totalTicks * _secondsPerTick);

    public void Failed(ErrorCode code, long totalTicks) =>
        Of(_failed, code.ToString(), static (metrics, code) => metrics.Labeled(metrics._metrics.RequestDuration, "code", code)).Record(totalTicks * _secondsPerTick);

    public void Queued(long ticks) => _queue.Record(ticks * _secondsPerTick);

    /// <summary>
    /// One run: its rows, why it was closed (lower case), and where its time went. Of models that are not batched only the run itself is recorded: every batch
    /// would be one request, and its duration the run's.
    /// </summary>
    public void Ran(int rows, string reason, long computeTicks, long batchTicks)
    {
        _compute.Record(computeTicks * _secondsPerTick);
        if (_isBatched)
        {
            _batch.Record(batchTicks * _secondsPerTick);
            Of(_sizes, reason, static (metrics, reason) => metrics.Labeled(metrics._metrics.BatchSize, "reason", reason)).Record(rows);
        }
    }

    /// <summary>A request was refused before it ran: <c>queue_full</c>, <c>timeout</c>, <c>cancelled</c>, <c>invalid</c>.</summary>
    public void Rejected(string reason) =>
        Of(_rejected, reason, static (metrics, reason) => new LabeledCounter(metrics._metrics.Rejected, metrics._metrics.Series, metrics.With("reason", reason))).Add(1);

    /// <summary>The response cache was asked: <c>hit</c>, <c>miss</c>, <c>shared</c>.</summary>
    public void CacheLookup(string result) =>
        Of(_lookups, result, static (metrics, result) => new LabeledCounter(metrics._metrics.CacheLookups, metrics._metrics.Series, metrics.With("result", result))).Add(1);

    private T Of<T>(ConcurrentDictionary<string, T> known, string value, Func<ServableMetrics, string, T> make) =>
        known.TryGetValue(value, out T? labeled) ? labeled : known.GetOrAdd(value, make(this, value));

    private LabeledHistogram<T> Labeled<T>(Histogram<T> histogram, string name, string value)
        where T : struct, INumberBase<T> => new(histogram, _metrics.Series, With(name, value));

    private KeyValuePair<string, object?>[] With(string name, string value) => MetricTags.Of(_info.ModelName, _info.Version, _info.Config, new(name, value));
}
