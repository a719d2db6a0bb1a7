using Slipway.Core;
using Slipway.Pipelines.Telemetry;

namespace Slipway.Pipelines.Running;

/// <summary>
/// One request on its way through a plan. A step begins when all that it reads is there: the first one on the thread that brought the last piece, further ones on
/// the pool's, so that branches run at once and a chain needs no second thread. A result is released when the last step that reads it has ended. The first failure
/// ends all branches, and the run ends when all of them have.
/// </summary>
internal sealed class PlanRun
{
    private const int None = -1;

    private readonly Plan _plan;
    private readonly PipelineCall _call;
    private readonly PipelineMetrics _metrics;
    private readonly long _rows;
    private readonly CancellationTokenSource _stop;
    private readonly Tensor[] _values;
    private readonly StepResult?[] _results;
    private readonly int[] _missing;
    private readonly int[] _readers;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Flows that have not ended; the first is counted from the start, so that none of the others can be taken for the last.
    private int _active = 1;
    private Exception? _failure;

    /// <summary>Prepares a run.</summary>
    /// <param name="plan">The pipeline.</param>
    /// <param name="call">The request.</param>
    /// <param name="inputs">Its inputs in the plan's order; they stay the caller's.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="stop">Ends the branches: its token is the caller's and the deadline's.</param>
    public PlanRun(Plan plan, PipelineCall call, IReadOnlyList<Tensor> inputs, long rows, PipelineMetrics metrics, CancellationTokenSource stop)
    {
        (_plan, _call, _metrics, _rows, _stop) = (plan, call, metrics, rows, stop);
        _values = new Tensor[plan.Values];
        for (int i = 0; i < inputs.Count; i++)
        {
            _values[i] = inputs[i];
        }

        int steps = plan.Steps.Count;
        _results = new StepResult?[steps];
        _missing = new int[steps];
        _readers = new int[steps];
        for (int i = 0; i < steps; i++)
        {
            _missing[i] = plan.Steps[i].Sources.Count;
            _readers[i] = plan.Steps[i].Dependents.Count + (plan.Steps[i].IsOutput ? 1 : 0);
        }
    }

    /// <summary>Runs all steps.</summary>
    /// <returns>The outputs asked for, which the caller disposes.</returns>
    /// <exception cref="SlipwayException">A step failed.</exception>
    public async Task<IReadOnlyList<Tensor>> RunAsync(IReadOnlyList<string> wanted)
    {
        try
        {
            int first = None;
            for (int i = 0; i < _plan.Steps.Count; i++)
            {
                if (_plan.Steps[i].Sources.Count == 0)
                {
                    first = Take(first, i);
                }
            }

            if (first != None)
            {
                await WalkAsync(first);
                await _done.Task;
            }

            if (_failure is not null)
            {
                throw _failure;
            }

            return PlanOutputs.Collect(_plan, _values, _results, wanted, _call.Memory);
        }
        finally
        {
            foreach (StepResult? result in _results)
            {
                result?.Dispose();
            }
        }
    }

    // Runs a step and then, on the same flow, the first of those that waited for it.
    private async Task WalkAsync(int step)
    {
        while (step != None)
        {
            step = await TryRunAsync(step) ? Leave(step) : None;
        }

        if (Interlocked.Decrement(ref _active) == 0)
        {
            _done.SetResult();
        }
    }

    private async ValueTask<bool> TryRunAsync(int index)
    {
        if (Volatile.Read(ref _failure) is not null)
        {
            return false;
        }

        PlanStep step = _plan.Steps[index];
        try
        {
            StepResult result = await StepRunner.RunAsync(step, new StepCall(_call, Gather(step), _rows, _call.Deadline), _metrics, _stop.Token);
            _results[index] = result;
            for (int i = 0; i < result.Tensors.Count; i++)
            {
                _values[step.FirstValue + i] = result.Tensors[i];
            }

            return true;
        }
        catch (Exception exception)
        {
            if (Interlocked.CompareExchange(ref _failure, exception, null) is null)
            {
                await _stop.CancelAsync();
            }

            return false;
        }
    }

    private Tensor[] Gather(PlanStep step)
    {
        IReadOnlyList<int> own = step.Action.Inputs;
        IReadOnlyList<int> standIn = step.Fallback?.Inputs ?? [];
        Tensor[] inputs = new Tensor[own.Count + standIn.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _values[i < own.Count ? own[i] : standIn[i - own.Count]];
        }

        return inputs;
    }

    // What the step read may have no reader left, and others may have all that they read.
    private int Leave(int index)
    {
        PlanStep step = _plan.Steps[index];
        foreach (int source in step.Sources)
        {
            Release(source);
        }

        if (_readers[index] == 0)
        {
            _results[index]!.Dispose();
        }

        int next = None;
        foreach (int dependent in step.Dependents)
        {
            if (Interlocked.Decrement(ref _missing[dependent]) == 0)
            {
                next = Take(next, dependent);
            }
        }

        return next;
    }

    private void Release(int source)
    {
        if (Interlocked.Decrement(ref _readers[source]) == 0)
        {
            _results[source]!.Dispose();
        }
    }

    // Keeps the first step for this flow and gives every other one a flow of its own.
    private int Take(int first, int step)
    {
        if (first == None)
        {
            return step;
        }

        Interlocked.Increment(ref _active);
        ThreadPool.QueueUserWorkItem(static state => _ = state.Run.WalkAsync(state.Step), (Run: this, Step: step), preferLocal: false);
        return first;
    }
}
