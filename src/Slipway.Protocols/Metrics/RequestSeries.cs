using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Protocols.Metrics;

/// <summary>
/// The instruments of requests, and their labels by operation, version and outcome: made once, found by a look into a small table. Thread-safe.
/// </summary>
internal sealed class RequestSeries
{
    private const string Ok = "ok";

    // A table for each operation, overwritten at will, so it stays small whatever is served; what was overwritten is made anew.
    private const int Slots = 64;

    private readonly RequestLabels?[] _recent = new RequestLabels?[ProtocolOperation.All.Count * Slots];
    private readonly IMetricSeriesSource? _source;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _encode;
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;

    /// <summary>Creates the instruments.</summary>
    public RequestSeries(Meter meter, IMetricSeriesSource? source)
    {
        _source = source;
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
    }

    /// <summary>The labels of such requests.</summary>
    public RequestLabels Of(ProtocolOperation operation, ServableInfo? servable, ErrorCode? error)
    {
        int hash = RuntimeHelpers.GetHashCode(servable) + (error is { } code ? (int)code + 1 : 0);
        ref RequestLabels? slot = ref _recent[(operation.Index * Slots) + (hash & (Slots - 1))];
        RequestLabels? labels = Volatile.Read(ref slot);
        if (labels is null || !ReferenceEquals(labels.Servable, servable) || labels.Error != error)
        {
            Volatile.Write(ref slot, labels = Make(operation, servable, error));
        }

        return labels;
    }

    private RequestLabels Make(ProtocolOperation operation, ServableInfo? servable, ErrorCode? error)
    {
        KeyValuePair<string, object?> model = new("model", servable?.ModelName ?? "");
        KeyValuePair<string, object?> protocol = new("protocol", operation.Protocol);
        KeyValuePair<string, object?>[] brief = [model, protocol];
        KeyValuePair<string, object?>[] full =
        [
            model,
            new("version", servable?.Version.ToString(CultureInfo.InvariantCulture) ?? ""),
            protocol,
            new("operation", operation.Name),
            new("code", error is { } code ? ErrorCodeLabels.Of(code) : Ok),
        ];
        return new RequestLabels(
            servable, error, new(_duration, _source, full), new(_encode, _source, brief), new(_received, _source, brief), new(_sent, _source, brief));
    }
}
