using System.Collections.Frozen;
using System.Diagnostics;
using Slipway.Core;
using Slipway.Pipelines.Running;
using Slipway.Pipelines.Telemetry;

namespace Slipway.Pipelines.Serving;

/// <summary>Runs requests for pipelines; all others pass untouched. Thread-safe.</summary>
internal sealed class PipelineInference : IInferenceService
{
    private readonly IInferenceService _inner;
    private readonly FrozenDictionary<string, PipelineState> _pipelines;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly StepServices _services;

    public PipelineInference(
        IInferenceService inner, FrozenDictionary<string, PipelineState> pipelines, PipelineMetrics metrics, Lazy<IInferenceService>? targets, HttpClient http, TimeProvider time)
    {
        (_inner, _pipelines, _metrics, _time) = (inner, pipelines, metrics, time);

        // Steps may ask other pipelines.
        _services = new StepServices(targets ?? new Lazy<IInferenceService>(this), http, time);
    }

    /// <inheritdoc/>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        _pipelines.TryGetValue(request.ModelName, out PipelineState? pipeline) ? RunAsync(pipeline, request, cancellationToken) : _inner.InferAsync(request, cancellationToken);

    private async ValueTask<InferenceResponse> RunAsync(PipelineState pipeline, InferenceRequest request, CancellationToken cancellationToken)
    {
        string name = pipeline.Definition.Name;
        PipelineRefusals.CheckVersion(name, request.Version, request.SignatureName);
        if (StepAttributes.IsWithin(request.Attributes, name))
        {
            throw PipelineRefusals.AsksItself(name);
        }

        if (!pipeline.Counts.TryEnter(pipeline.Definition.MaxConcurrentRequests))
        {
            throw new SlipwayException(ErrorCode.Overloaded, $"pipeline '{name}' runs {pipeline.Definition.MaxConcurrentRequests} requests already");
        }

        long started = _time.GetTimestamp();
        _metrics.RequestStarted(name);
        using Activity? activity = PipelineActivity.StartPipeline(name);
        try
        {
            (InferenceResponse response, long rows) = await AnswerAsync(pipeline, request, started, cancellationToken);
            TimeSpan duration = _time.GetElapsedTime(started);
            pipeline.Counts.Succeeded(rows, duration, _time.GetUtcNow());
            _metrics.RequestEnded(name, null, duration);
            return response;
        }
        catch (Exception exception)
        {
            SlipwayException failure = await ExplainAsync(pipeline, request, exception, cancellationToken);
            PipelineActivity.Fail(activity, failure);
            TimeSpan duration = _time.GetElapsedTime(started);
            pipeline.Counts.Failed(duration);
            _metrics.RequestEnded(name, failure.Code, duration);
            throw failure;
        }
        finally
        {
            pipeline.Counts.Leave();
        }
    }

    private async ValueTask<(InferenceResponse Response, long Rows)> AnswerAsync(PipelineState pipeline, InferenceRequest request, long started, CancellationToken cancellationToken)
    {
        Plan plan = pipeline.Now.Plan ?? await FindPlanAsync(pipeline, cancellationToken);
        Tensor[] inputs = PipelineInputs.Bind(plan.Info, request, out long rows);
        PipelineInputs.CheckOutputs(plan.Info, request.RequestedOutputs);
        long? deadline = DeadlineOf(request, plan.Definition.Timeout, started);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource? limit = deadline is { } end ? LimitUntil(end) : null;
        using CancellationTokenRegistration reached = limit?.Token.Register(stop.Cancel) ?? default;
        PipelineCall call = new(
            plan.Definition.Name, request, new StepAttributes(request.Attributes, plan.Definition.Name), deadline, new RequestMemory(plan.Definition.MaxBytes), _services);
        IReadOnlyList<Tensor> outputs = await new PlanRun(plan, call, inputs, rows, _metrics, stop).RunAsync(request.RequestedOutputs);
        TimeSpan duration = _time.GetElapsedTime(started);
        return (new InferenceResponse { Servable = plan.Info, Outputs = outputs, Timings = new InferenceTimings(default, default, duration, default, (int)Math.Min(rows, int.MaxValue), false) }, rows);
    }

    private static async ValueTask<Plan> FindPlanAsync(PipelineState pipeline, CancellationToken cancellationToken)
    {
        await pipeline.RefreshAsync(load: true, cancellationToken);
        return pipeline.Now.Plan ?? throw PipelineRefusals.NotReady(pipeline);
    }

    private long? DeadlineOf(InferenceRequest request, TimeSpan? timeout, long started)
    {
        long? own = timeout is { } bound ? started + (long)(bound.TotalSeconds * _time.TimestampFrequency) : null;
        return own is { } end && request.Deadline is { } given ? Math.Min(end, given) : own ?? request.Deadline;
    }

    private CancellationTokenSource LimitUntil(long end)
    {
        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), end);
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
    }

    // A version that has changed under the pipeline is the reason, whatever the step says of it; and an end is the caller's or the deadline's.
    private async ValueTask<SlipwayException> ExplainAsync(PipelineState pipeline, InferenceRequest request, Exception exception, CancellationToken cancellationToken)
    {
        ErrorCode code = StepFailure.CodeOf(exception);
        string name = pipeline.Definition.Name;
        if (code == ErrorCode.Cancelled)
        {
            return cancellationToken.IsCancellationRequested && !(request.Deadline is { } end && _time.GetTimestamp() >= end)
                ? new SlipwayException(ErrorCode.Cancelled, $"the request to pipeline '{name}' was cancelled", exception)
                : new SlipwayException(ErrorCode.DeadlineExceeded, $"pipeline '{name}' was not done in time", exception);
        }

        if (code is ErrorCode.ModelNotReady or ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch or ErrorCode.FailedPrecondition && pipeline.Now.Plan is not null)
        {
            await pipeline.RefreshAsync(load: false, CancellationToken.None);
            if (pipeline.Now.Plan is null)
            {
                return PipelineRefusals.NotReady(pipeline);
            }
        }

        return exception as SlipwayException ?? new SlipwayException(ErrorCode.Internal, $"pipeline '{name}': internal error", exception);
    }
}
