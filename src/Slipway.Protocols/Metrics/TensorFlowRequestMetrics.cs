using System.Diagnostics.Metrics;
using Slipway.Core;
using Slipway.Protocols.Errors;

namespace Slipway.Protocols.Metrics;

/// <summary>TensorFlow Serving's request metrics under the names that its dashboards know.</summary>
internal sealed class TensorFlowRequestMetrics
{
    private readonly Counter<long> _count;
    private readonly Histogram<double> _latency;

    public TensorFlowRequestMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(ProtocolMetrics.TensorFlowMeterName);
        _count = meter.CreateCounter<long>("/tensorflow/serving/request_count", null, "The total number of requests.");
        _latency = meter.CreateHistogram(
            "/tensorflow/serving/request_latency",
            null,
            "Distribution of wall time (in microseconds).",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricBuckets.TensorFlowMicroseconds });
    }

    /// <summary>Records one request of a TensorFlow Serving operation.</summary>
    public void Record(ProtocolOperation operation, string model, ErrorCode? error, double seconds)
    {
        if (!_count.Enabled)
        {
            return;
        }

        KeyValuePair<string, object?> modelTag = new("model_name", model);
        _count.Add(1, modelTag, new KeyValuePair<string, object?>("status", (error?.ToCanonicalCode() ?? CanonicalCode.Ok).ToName()));
        _latency.Record(
            seconds * 1e6,
            modelTag,
            new KeyValuePair<string, object?>("API", operation.TensorFlowApi),
            new KeyValuePair<string, object?>("entrypoint", operation.Protocol == "tensorflow_grpc" ? "GRPC" : "REST"));
    }
}
