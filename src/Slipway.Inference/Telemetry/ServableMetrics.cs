using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Inference.Telemetry;

/// <summary>Records what one version does; its tags are made once. Nothing is computed while nobody listens. Thread-safe.</summary>
internal sealed class ServableMetrics
{
    private readonly InferenceMetrics _metrics;
    private readonly ServableInfo _info;
    private readonly bool _isBatched;
    private readonly double _secondsPerTick;
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly KeyValuePair<string, object?>[] _ok;

    // Codes, reasons and results: a handful of constants.
    private readonly ConcurrentDictionary<(string Name, string Value), KeyValuePair<string, object?>[]> _others = new(concurrencyLevel: 1, capacity: 3);

    public ServableMetrics(InferenceMetrics metrics, ServableInfo info, TimeProvider time)
    {
        _metrics = metrics;
        _info = info;
        _isBatched = info.Config.Batching is not null;
        _secondsPerTick = 1.0 / time.TimestampFrequency;
        _tags = MetricTags.Of(info.ModelName, info.Version, info.Config);
        _ok = MetricTags.Of(info.ModelName, info.Version, info.Config, new("code", "ok"));
    }

    /// <summary>Tags of the version.</summary>
    public KeyValuePair<string, object?>[] Tags => _tags;

    public void Succeeded(long totalTicks)
    {
        if (_metrics.RequestDuration.Enabled)
        {
            _metrics.RequestDuration.Record(totalTicks * _secondsPerTick, _ok);
        }
    }

    public void Failed(ErrorCode code, long totalTicks)
    {
        if (_metrics.RequestDuration.Enabled)
        {
            _metrics.RequestDuration.Record(totalTicks * _secondsPerTick, With("code", code.ToString()));
        }
    }

    public void Queued(long ticks)
    {
        if (_metrics.QueueDuration.Enabled)
        {
            _metrics.QueueDuration.Record(ticks * _secondsPerTick, _tags);
        }
    }

    /// <summary>
    /// One run: its rows, why it was closed (lower case), and where its time went. Of models that are not batched only the run itself is recorded: every batch
    /// would be one request, and its duration the run's.
    /// </summary>
    public void Ran(int rows, string reason, long computeTicks, long batchTicks)
    {
        if (_metrics.ComputeDuration.Enabled)
        {
            _metrics.ComputeDuration.Record(computeTicks * _secondsPerTick, _tags);
        }

        if (!_isBatched)
        {
            return;
        }

        if (_metrics.BatchDuration.Enabled)
        {
            _metrics.BatchDuration.Record(batchTicks * _secondsPerTick, _tags);
        }

        if (_metrics.BatchSize.Enabled)
        {
            _metrics.BatchSize.Record(rows, With("reason", reason));
        }
    }

    /// <summary>A request was refused before it ran: <c>queue_full</c>, <c>timeout</c>, <c>cancelled</c>, <c>invalid</c>.</summary>
    public void Rejected(string reason)
    {
        if (_metrics.Rejected.Enabled)
        {
            _metrics.Rejected.Add(1, With("reason", reason));
        }
    }

    /// <summary>The response cache was asked: <c>hit</c>, <c>miss</c>, <c>shared</c>.</summary>
    public void CacheLookup(string result)
    {
        if (_metrics.CacheLookups.Enabled)
        {
            _metrics.CacheLookups.Add(1, With("result", result));
        }
    }

    private KeyValuePair<string, object?>[] With(string name, string value) =>
        _others.TryGetValue((name, value), out KeyValuePair<string, object?>[]? tags) ? tags : Add(name, value);

    private KeyValuePair<string, object?>[] Add(string name, string value) => _others.GetOrAdd(
        (name, value), MetricTags.Of(_info.ModelName, _info.Version, _info.Config, new(name, value)));
}
