using System.Diagnostics.Metrics;
using Slipway.Core;

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
        _count.Add(1, modelTag, new KeyValuePair<string, object?>("status", StatusOf(error)));
        _latency.Record(
            seconds * 1e6,
            modelTag,
            new KeyValuePair<string, object?>("API", operation.TensorFlowApi),
            new KeyValuePair<string, object?>("entrypoint", operation.Protocol == "tensorflow_grpc" ? "GRPC" : "REST"));
    }

    /// <summary>Canonical status names, as TensorFlow Serving writes them.</summary>
    private static string StatusOf(ErrorCode? error) => error switch
    {
        null => "OK",
        ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch => "INVALID_ARGUMENT",
        ErrorCode.ModelNotFound or ErrorCode.VersionNotFound => "NOT_FOUND",
        ErrorCode.ModelNotReady => "UNAVAILABLE",
        ErrorCode.Overloaded or ErrorCode.RateLimited or ErrorCode.PayloadTooLarge => "RESOURCE_EXHAUSTED",
        ErrorCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        ErrorCode.Cancelled => "CANCELLED",
        ErrorCode.NotSupported => "UNIMPLEMENTED",
        ErrorCode.Unauthenticated => "UNAUTHENTICATED",
        ErrorCode.PermissionDenied => "PERMISSION_DENIED",
        ErrorCode.AlreadyExists => "ALREADY_EXISTS",
        ErrorCode.VersionConflict => "ABORTED",
        ErrorCode.InvalidModel or ErrorCode.FailedPrecondition or ErrorCode.InvalidConfiguration => "FAILED_PRECONDITION",
        _ => "INTERNAL",
    };
}
