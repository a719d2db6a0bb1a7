using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>
/// What the protocol edges measure: duration, bytes and failures of requests for predictions, and the time spent writing answers.
/// Labels are bounded: models and versions are those of servables, never a caller's text. Thread-safe; records without allocating.
/// </summary>
/// <remarks>
/// An edge calls <see cref="Start"/> when the head of a request is there, <see cref="Encoded"/> when an answer's body has been written, and
/// <see cref="Stop"/> once in every case (<c>finally</c>).
/// </remarks>
public sealed class ProtocolMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Slipway.Protocols";

    /// <summary>Name of the meter of TensorFlow Serving's own metric names; recorded only where somebody listens to it.</summary>
    public const string TensorFlowMeterName = "TensorFlow.Serving";

    private const string Ok = "ok";

    // One counter per cache line: every request of every core touches its operation's.
    private const int Stride = 8;

    private readonly TimeProvider _time;
    private readonly double _secondsPerTick;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _encode;
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;
    private readonly TensorFlowRequestMetrics _tensorFlow;
    private readonly long[] _active = new long[(ProtocolOperation.All.Count + 1) * Stride];
    private readonly ConcurrentDictionary<long, string> _versions = new();

    /// <summary>Creates the instruments.</summary>
    public ProtocolMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _secondsPerTick = 1.0 / time.TimestampFrequency;
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram(
            "slipway.server.request.duration",
            "s",
            "Time from the head of a request for a prediction until its answer was written",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricBuckets.RequestSeconds });
        _encode = meter.CreateHistogram(
            "slipway.server.encode.duration",
            "s",
            "Time spent writing the body of an answer",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricBuckets.ShortSeconds });
        _received = meter.CreateCounter<long>("slipway.server.received", "By", "Bytes of request bodies read");
        _sent = meter.CreateCounter<long>("slipway.server.sent", "By", "Bytes of answer bodies written");
        meter.CreateObservableUpDownCounter(
            "slipway.server.active_requests", ObserveActive, "{request}", "Requests for predictions being answered now");
        _tensorFlow = new TensorFlowRequestMetrics(meters);
    }

    /// <summary>Failures by Triton's reasons.</summary>
    internal TritonFailures Failures { get; } = new();

    /// <summary>Counts a request in; every call is followed by one <see cref="Stop"/>.</summary>
    public RequestScope Start(ProtocolOperation operation)
    {
        Interlocked.Increment(ref Active(operation));
        return new RequestScope(operation, _time.GetTimestamp());
    }

    /// <summary>Records the time spent writing the body of an answer.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="servable">The version that answered.</param>
    /// <param name="encodeStarted">When writing began, as a <see cref="TimeProvider.GetTimestamp"/> value.</param>
    public void Encoded(in RequestScope scope, ServableInfo servable, long encodeStarted)
    {
        if (_encode.Enabled)
        {
            _encode.Record(
                (_time.GetTimestamp() - encodeStarted) * _secondsPerTick,
                new KeyValuePair<string, object?>("model", servable.ModelName),
                new KeyValuePair<string, object?>("protocol", scope.Operation.Protocol));
        }
    }

    /// <summary>Counts a request out and records how it went.</summary>
    /// <param name="scope">The request.</param>
    /// <param name="servable">The version that was asked; null when the request never got as far as a loaded version.</param>
    /// <param name="error">Why it failed; null when it was answered.</param>
    /// <param name="receivedBytes">Bytes of the request's body that were read.</param>
    /// <param name="sentBytes">Bytes of the answer's body.</param>
    public void Stop(in RequestScope scope, ServableInfo? servable, ErrorCode? error, long receivedBytes, long sentBytes)
    {
        ProtocolOperation operation = scope.Operation;
        Interlocked.Decrement(ref Active(operation));
        double seconds = (_time.GetTimestamp() - scope.Started) * _secondsPerTick;
        string model = servable?.ModelName ?? "";
        if (_duration.Enabled)
        {
            KeyValuePair<string, object?> modelTag = new("model", model);
            KeyValuePair<string, object?> protocolTag = new("protocol", operation.Protocol);
            TagList tags = default;
            tags.Add(modelTag);
            tags.Add(new KeyValuePair<string, object?>("version", servable is null ? "" : VersionText(servable.Version)));
            tags.Add(protocolTag);
            tags.Add(new KeyValuePair<string, object?>("operation", operation.Name));
            tags.Add(new KeyValuePair<string, object?>("code", error is { } code ? ErrorCodeLabels.Of(code) : Ok));
            _duration.Record(seconds, tags);
            _received.Add(receivedBytes, modelTag, protocolTag);
            _sent.Add(sentBytes, modelTag, protocolTag);
        }

        if (error is { } failure && servable is not null)
        {
            Failures.Add(servable, failure);
        }

        if (operation.TensorFlowApi is not null)
        {
            _tensorFlow.Record(operation, model, error, seconds);
        }
    }

    private ref long Active(ProtocolOperation operation) => ref _active[(operation.Index + 1) * Stride];

    private IEnumerable<Measurement<long>> ObserveActive()
    {
        foreach (ProtocolOperation operation in ProtocolOperation.All)
        {
            yield return new Measurement<long>(
                Volatile.Read(ref Active(operation)),
                new KeyValuePair<string, object?>("protocol", operation.Protocol),
                new KeyValuePair<string, object?>("operation", operation.Name));
        }
    }

    // Versions may be dates or commit times, so a small table of small numbers won't do; there are as many entries as versions ever served.
    private string VersionText(long version) =>
        _versions.TryGetValue(version, out string? text)
            ? text
            : _versions.GetOrAdd(version, version.ToString(CultureInfo.InvariantCulture));
}
