using System.Diagnostics;
using Slipway.Core;
using Slipway.Pipelines.Telemetry;

namespace Slipway.Pipelines.Running;

/// <summary>Runs one step: attempts, its timeout, its fallback, its span and counts. Stateless.</summary>
internal static class StepRunner
{
    /// <summary>Runs a step.</summary>
    /// <exception cref="SlipwayException">It failed, and so did what stands in for it; the message names pipeline and step.</exception>
    public static async ValueTask<StepResult> RunAsync(PlanStep step, StepCall call, PipelineMetrics metrics, CancellationToken cancellationToken)
    {
        string pipeline = call.Pipeline.Pipeline;
        string name = step.Definition.Name;
        TimeProvider time = call.Pipeline.Services.Time;
        long started = time.GetTimestamp();
        using Activity? activity = PipelineActivity.StartStep(pipeline, name);
        try
        {
            StepResult result = await RunWithFallbackAsync(step, call, metrics, cancellationToken);
            metrics.StepEnded(pipeline, name, null, time.GetElapsedTime(started));
            return result;
        }
        catch (Exception exception)
        {
            SlipwayException failure = StepFailure.Name(exception, pipeline, name);
            PipelineActivity.Fail(activity, failure);
            metrics.StepEnded(pipeline, name, failure.Code, time.GetElapsedTime(started));
            throw failure;
        }
    }

    // What stands in reads its inputs behind those of the step itself.
    private static async ValueTask<StepResult> RunWithFallbackAsync(PlanStep step, StepCall call, PipelineMetrics metrics, CancellationToken cancellationToken)
    {
        if (step.Fallback is null)
        {
            return await TryAsync(step, call, metrics, cancellationToken);
        }

        Tensor[] inputs = [.. call.Inputs];
        int own = step.Action.Inputs.Count;
        try
        {
            return await TryAsync(step, call with { Inputs = new ArraySegment<Tensor>(inputs, 0, own) }, metrics, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && StepFailure.IsStepsOwn(StepFailure.CodeOf(exception)))
        {
            metrics.FellBack(call.Pipeline.Pipeline, step.Definition.Name);
        }

        return await step.Fallback.RunAsync(call with { Inputs = new ArraySegment<Tensor>(inputs, own, inputs.Length - own) }, cancellationToken);
    }

    private static async ValueTask<StepResult> TryAsync(PlanStep step, StepCall call, PipelineMetrics metrics, CancellationToken cancellationToken)
    {
        TimeSpan pause = step.Definition.RetryDelay;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return step.Definition.Timeout is { } timeout
                    ? await RunBoundedAsync(step.Action, call, timeout, cancellationToken)
                    : await step.Action.RunAsync(call, cancellationToken);
            }
            catch (Exception exception) when (attempt < step.Definition.Attempts && StepFailure.MayPass(StepFailure.CodeOf(exception)) && !cancellationToken.IsCancellationRequested)
            {
                metrics.Retried(call.Pipeline.Pipeline, step.Definition.Name);
            }

            await Task.Delay(pause, call.Pipeline.Services.Time, cancellationToken);
            pause *= 2;
        }
    }

    private static async ValueTask<StepResult> RunBoundedAsync(StepAction action, StepCall call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        TimeProvider time = call.Pipeline.Services.Time;
        long end = time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency);
        using CancellationTokenSource limit = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await action.RunAsync(call with { Deadline = Math.Min(call.Deadline ?? long.MaxValue, end) }, either.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested && StepFailure.CodeOf(exception) == ErrorCode.Cancelled)
        {
            throw new SlipwayException(ErrorCode.DeadlineExceeded, $"no answer within {timeout.TotalMilliseconds:0.###} ms", exception);
        }
    }
}
