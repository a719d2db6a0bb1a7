using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// Runs one batch on the calling thread and answers its requests. A batch that fails is run again request by request, so that one bad request does not fail
/// the others. Thread-safe.
/// </summary>
internal sealed partial class BatchRunner(ServableRuntime servable, RunTimeEstimator runTimes, TimeProvider time, ILogger logger)
{
    private static readonly string[] Reasons = Array.ConvertAll(Enum.GetNames<BatchCloseReason>(), static name => name.ToLowerInvariant());

    private volatile bool _rowsDepend;

    /// <summary>Whether the model has shown that its rows are not independent, so that nothing may be run together any more.</summary>
    public bool RowsDepend => _rowsDepend;

    /// <summary>Somebody saw that the rows are not independent: nothing is run together from now on.</summary>
    public void NoteRowsDepend()
    {
        if (!_rowsDepend)
        {
            _rowsDepend = true;
            LogRowsDepend(logger, servable.Info.ModelName, servable.Info.Version);
        }
    }

    /// <summary>Runs the requests; each is answered when this returns.</summary>
    /// <param name="batch">Requests of one batch class, taken from the queue.</param>
    /// <param name="rows">Their rows together.</param>
    /// <param name="paddedRows">Rows to run, equal or more.</param>
    /// <param name="reason">Why it is run now.</param>
    public void Run(List<PendingRequest> batch, int rows, int paddedRows, BatchCloseReason reason)
    {
        if (batch.Count == 1 && paddedRows == rows)
        {
            RunAlone(batch[0], reason);
            return;
        }

        if (TryRunTogether(batch, rows, paddedRows, reason) is not { } fault)
        {
            return;
        }

        if (batch.Count == 1 && !_rowsDepend)
        {
            batch[0].Fail(fault);
            return;
        }

        // Whose fault was it? Each on its own tells. Padding does no harm here: a size that is not allowed would fail for certain.
        LogBatchFailed(logger, fault, servable.Info.ModelName, servable.Info.Version, batch.Count);
        foreach (PendingRequest request in batch)
        {
            RunAgain(request, batch.Count == 1 ? request.Rows : paddedRows);
        }
    }

    private void RunAgain(PendingRequest request, int paddedRows)
    {
        bool isPadded = !_rowsDepend && servable.Info.Config.Batching is { AllowedBatchSizes.Count: > 0 } && !request.IsAlone;
        if (!isPadded)
        {
            RunAlone(request, BatchCloseReason.Single);
        }
        else if (TryRunTogether([request], request.Rows, paddedRows, BatchCloseReason.Single) is { } fault)
        {
            request.Fail(fault);
        }
    }

    private void RunAlone(PendingRequest request, BatchCloseReason reason)
    {
        Activity? activity = InferenceActivity.StartRun("run", servable.Info, request.Rows, [request.Caller]);
        try
        {
            long before = time.GetTimestamp();
            Tensor[] outputs = servable.Model.Run(request.Inputs, request.Outputs, request.CancellationToken);
            long compute = time.GetTimestamp() - before;
            runTimes.Add(request.Bytes, compute);
            Count(request.Rows, reason, new RunTimes(0, compute, 0));
            Answer(request, outputs, new RunTimes(0, compute, 0), request.Rows);
        }
        catch (Exception exception)
        {
            SlipwayException fault = EngineFailure.Translate(exception, servable.Info.ModelName, request.CancellationToken);
            InferenceActivity.Fail(activity, fault);
            request.Fail(fault);
        }
        finally
        {
            activity?.Dispose();
        }
    }

    // Null when every request has been answered; else why none was.
    private SlipwayException? TryRunTogether(List<PendingRequest> batch, int rows, int paddedRows, BatchCloseReason reason)
    {
        Activity? activity = InferenceActivity.StartRun("batch", servable.Info, rows, batch.Select(static request => request.Caller));
        try
        {
            long begin = time.GetTimestamp();
            int[] wanted = BatchScatter.UnionOfOutputs(batch);
            Tensor?[] inputs = BatchGather.Gather(batch, rows, paddedRows, TensorBufferPool.Shared);
            Tensor[] outputs;
            long before;
            long after;
            try
            {
                before = time.GetTimestamp();
                outputs = servable.Model.Run(inputs, wanted, CancellationToken.None);
                after = time.GetTimestamp();
            }
            finally
            {
                BatchGather.Release(inputs);
            }

            if (BatchScatter.Scatter(batch, wanted, outputs, paddedRows) is not { } answers)
            {
                NoteRowsDepend();
                return new SlipwayException(ErrorCode.ModelFailed, $"an output of model '{servable.Info.ModelName}' does not have one row for each row of input");
            }

            RunTimes times = new(before - begin, after - before, time.GetTimestamp() - after);
            runTimes.Add(batch.Sum(static request => request.Bytes), times.Compute);
            Count(rows, reason, times);
            for (int i = 0; i < batch.Count; i++)
            {
                Answer(batch[i], answers[i], times, rows);
            }

            return null;
        }
        catch (Exception exception)
        {
            SlipwayException fault = EngineFailure.Translate(exception, servable.Info.ModelName, CancellationToken.None);
            InferenceActivity.Fail(activity, fault);
            return fault;
        }
        finally
        {
            activity?.Dispose();
        }
    }

    private void Count(int rows, BatchCloseReason reason, in RunTimes times)
    {
        servable.Statistics.Ran(rows, times);
        servable.Metrics.Ran(rows, Reasons[(int)reason], times.Compute, times.Input + times.Compute + times.Output);
    }

    private void Answer(PendingRequest request, Tensor[] outputs, in RunTimes times, int batchRows)
    {
        request.Times = times;
        request.Succeed(new InferenceResponse
        {
            Servable = servable.Info,
            Outputs = outputs,
            Timings = new InferenceTimings(
                time.GetElapsedTime(request.Arrived, request.Taken),
                time.GetElapsedTime(0, times.Input),
                time.GetElapsedTime(0, times.Compute),
                time.GetElapsedTime(0, times.Output),
                batchRows,
                CacheHit: false),
        });
    }

    [LoggerMessage(2050, LogLevel.Debug, "A batch of {Requests} requests to model {Model} version {Version} failed; each is run on its own")]
    private static partial void LogBatchFailed(ILogger logger, Exception exception, string model, long version, int requests);

    [LoggerMessage(2051, LogLevel.Warning, "Model {Model} version {Version} gave an output without a row for each row of input: requests are no longer run together")]
    private static partial void LogRowsDepend(ILogger logger, string model, long version);
}
