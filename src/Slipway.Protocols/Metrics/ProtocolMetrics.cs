using System.Diagnostics.Metrics;
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

    // One counter per cache line: every request of every core touches its operation's.
    private const int Stride = 8;

    private readonly TimeProvider _time;
    private readonly double _secondsPerTick;
    private readonly RequestSeries _series;
    private readonly TensorFlowRequestMetrics _tensorFlow;
    private readonly long[] _active = new long[(ProtocolOperation.All.Count + 1) * Stride];

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">Makes the meters.</param>
    /// <param name="time">The clock.</param>
    /// <param name="series">The collector; null: there is none.</param>
    public ProtocolMetrics(IMeterFactory meters, TimeProvider time, IMetricSeriesSource? series = null)
    {
        _time = time;
        _secondsPerTick = 1.0 / time.TimestampFrequency;
        Meter meter = meters.Create(MeterName);
        _series = new RequestSeries(meter, series);
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
    public void Encoded(in RequestScope scope, ServableInfo servable, long encodeStarted) =>
        _series.Of(scope.Operation, servable, null).Encode.Record((_time.GetTimestamp() - encodeStarted) * _secondsPerTick);

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
        RequestLabels labels = _series.Of(operation, servable, error);
        labels.Duration.Record(seconds);
        labels.Received.Add(receivedBytes);
        labels.Sent.Add(sentBytes);
        if (error is { } failure && servable is not null)
        {
            Failures.Add(servable, failure);
        }

        if (operation.TensorFlowApi is not null)
        {
            _tensorFlow.Record(operation, servable?.ModelName ?? "", error, seconds);
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
}
