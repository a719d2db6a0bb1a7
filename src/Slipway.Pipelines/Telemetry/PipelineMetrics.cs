using System.Diagnostics.Metrics;
using Slipway.Core;

namespace Slipway.Pipelines.Telemetry;

/// <summary>The instruments of this room. Names and tags are API: dashboards are built on them. Thread-safe.</summary>
public sealed class PipelineMetrics : IDisposable
{
    /// <summary>Name of the meter to subscribe to.</summary>
    public const string MeterName = "Slipway.Pipelines";

    // From a rule's few microseconds to a large model's half minute.
    private static readonly double[] DurationBuckets =
        [0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Meter _meter;
    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _steps;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _fallbacks;
    private readonly UpDownCounter<long> _inFlight;

    /// <summary>Makes the instruments.</summary>
    public PipelineMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        InstrumentAdvice<double> advice = new() { HistogramBucketBoundaries = DurationBuckets };
        _requests = _meter.CreateHistogram("slipway.pipelines.request.duration", "s", "A whole request to a pipeline, with its code: ok or the error", tags: null, advice);
        _steps = _meter.CreateHistogram("slipway.pipelines.step.duration", "s", "One step with its attempts and what stands in for it, with its code", tags: null, advice);
        _retries = _meter.CreateCounter<long>("slipway.pipelines.step.retries", "{attempt}", "Attempts beyond a step's first");
        _fallbacks = _meter.CreateCounter<long>("slipway.pipelines.step.fallbacks", "{request}", "Requests in which a step's fallback stood in");
        _inFlight = _meter.CreateUpDownCounter<long>("slipway.pipelines.in_flight", "{request}", "Requests to a pipeline that run now");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void RequestStarted(string pipeline) => _inFlight.Add(1, new KeyValuePair<string, object?>("pipeline", pipeline));

    internal void RequestEnded(string pipeline, ErrorCode? failure, TimeSpan duration)
    {
        _inFlight.Add(-1, new KeyValuePair<string, object?>("pipeline", pipeline));
        if (_requests.Enabled)
        {
            _requests.Record(duration.TotalSeconds, new("pipeline", pipeline), new("code", failure?.ToString() ?? "ok"));
        }
    }

    internal void StepEnded(string pipeline, string step, ErrorCode? failure, TimeSpan duration)
    {
        if (_steps.Enabled)
        {
            _steps.Record(duration.TotalSeconds, new("pipeline", pipeline), new("step", step), new("code", failure?.ToString() ?? "ok"));
        }
    }

    internal void Retried(string pipeline, string step)
    {
        if (_retries.Enabled)
        {
            _retries.Add(1, new("pipeline", pipeline), new("step", step));
        }
    }

    internal void FellBack(string pipeline, string step)
    {
        if (_fallbacks.Enabled)
        {
            _fallbacks.Add(1, new("pipeline", pipeline), new("step", step));
        }
    }
}
