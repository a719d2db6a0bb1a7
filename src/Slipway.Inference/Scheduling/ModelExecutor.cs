using System.Diagnostics;
using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// Runs the requests of one loaded version. A short run happens at once on the caller's thread when an instance is free and nobody waits; everything else goes
/// through the queue to threads of its own, alone or in batches. Thread-safe.
/// </summary>
internal sealed class ModelExecutor : IDisposable
{
    // What handing a request to another thread and back costs, roughly: a shorter run gains nothing from company.
    private static readonly TimeSpan HandOver = TimeSpan.FromMicroseconds(20);

    private readonly ServableRuntime _servable;
    private readonly TimeProvider _time;
    private readonly RunTimeEstimator _runTimes;
    private readonly InstanceSlots _slots;
    private readonly RequestDispatcher _dispatcher;
    private readonly QueueTerms _terms;
    private readonly long _inlineTicks;
    private readonly long _unbatchedTicks;
    private readonly bool _isPadded;

    public ModelExecutor(ServableRuntime servable, SchedulingServices services)
    {
        _servable = servable;
        _time = services.Time;
        _inlineTicks = (long)(services.Options.InlineThreshold.TotalSeconds * _time.TimestampFrequency);
        _unbatchedTicks = servable.Info.Config.Batching is null ? _inlineTicks : Math.Min(_inlineTicks, (long)(HandOver.TotalSeconds * _time.TimestampFrequency));
        _isPadded = servable.Info.Config.Batching is { AllowedBatchSizes.Count: > 0 };
        _runTimes = new RunTimeEstimator();
        _slots = new InstanceSlots(servable.Info.Config.Instances, services.Permits);
        _terms = new QueueTerms(servable.Info.Config.Queue, _time);
        _dispatcher = new RequestDispatcher(servable, services, _slots, _runTimes);
    }

    /// <summary>Requests waiting now.</summary>
    public int Pending => _dispatcher.Waiting;

    /// <summary>Learns from a run before the version went into service.</summary>
    public void Learn(long inputBytes, long ticks) => _runTimes.Add(inputBytes, ticks);

    /// <summary>Answers one request.</summary>
    /// <param name="request">Not touched any more once the task has completed.</param>
    /// <param name="started">When it arrived, as a timestamp of the server's clock.</param>
    /// <param name="cancellationToken">The caller went away.</param>
    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, long started, CancellationToken cancellationToken)
    {
        ServableContract contract = _servable.Contract;
        int count = contract.Inputs.Length;
        InputSlots slots = default;
        Span<Tensor?> inputs = count <= InputSlots.Capacity ? ((Span<Tensor?>)slots)[..count] : new Tensor?[count];
        RequestSize size;
        int[] outputs;
        try
        {
            size = RequestBinder.Bind(contract, request, inputs);
            outputs = RequestBinder.BindOutputs(contract, request);
            cancellationToken.ThrowIfCancellationRequested();
            if (request.Deadline is { } deadline && started >= deadline)
            {
                throw new SlipwayException(ErrorCode.DeadlineExceeded, "Request timeout expired");
            }
        }
        catch (Exception exception)
        {
            InputAdapter.Release(inputs, request.Inputs);
            return Fail(exception, started, cancellationToken);
        }

        long expected = _runTimes.Estimate(size.Bytes);
        if (_dispatcher.Waiting == 0 && !_isPadded && expected <= _inlineTicks && !_dispatcher.IsCut(size) && (expected <= _unbatchedTicks ? _slots.TryTakeShort() : _slots.TryTake()))
        {
            ValueTask<InferenceResponse> answer = RunInline(inputs, outputs, size, started, request.Deadline ?? long.MaxValue, cancellationToken);
            if (size.IsAdapted)
            {
                InputAdapter.Release(inputs, request.Inputs);
            }

            return answer;
        }

        PendingRequest pending = new(inputs.ToArray(), outputs, size, started, cancellationToken)
        {
            Level = _terms.LevelOf(request.Priority),
            Expiry = _terms.ExpiryOf(request, started),
            Deadline = request.Deadline ?? long.MaxValue,
            Caller = InferenceActivity.Caller,
        };
        return size.IsAdapted ? QueueAdaptedAsync(pending, request, cancellationToken) : QueueAsync(pending, cancellationToken);
    }

    /// <summary>Gives back what it holds; no request may be under way.</summary>
    public void Dispose() => _dispatcher.Dispose();

    // The caller holds a slot, which goes back here.
    private ValueTask<InferenceResponse> RunInline(
        ReadOnlySpan<Tensor?> inputs, int[] outputs, RequestSize size, long started, long deadline, CancellationToken cancellationToken)
    {
        long before;
        long end;
        Tensor[] answer;
        Activity? activity = InferenceActivity.StartRun(_servable.Info, size.Rows);
        try
        {
            before = _time.GetTimestamp();

            // Expected to be short, by the size of its inputs: their values may make it last for minutes all the same.
            answer = _servable.Model.Run(inputs, outputs, cancellationToken);
            end = _time.GetTimestamp();
        }
        catch (Exception exception)
        {
            return Fail(AtDeadline(EngineFailure.Translate(exception, _servable.Info.ModelName, cancellationToken), deadline), started, cancellationToken);
        }
        finally
        {
            activity?.Dispose();
            _slots.Return();
            _dispatcher.Continue();
        }

        long compute = end - before;
        RunTimes times = new(0, compute, 0);
        _runTimes.Add(size.Bytes, compute);
        _servable.Statistics.Ran(size.Rows, times);
        _servable.Statistics.Succeeded(size.Rows, end, end - started, 0, times);
        _servable.Metrics.Ran(size.Rows, "single", compute, compute);
        _servable.Metrics.Succeeded(end - started);
        return new ValueTask<InferenceResponse>(new InferenceResponse
        {
            Servable = _servable.Info,
            Outputs = answer,
            Timings = new InferenceTimings(TimeSpan.Zero, TimeSpan.Zero, _time.GetElapsedTime(before, end), TimeSpan.Zero, size.Rows, CacheHit: false),
        });
    }

    private async ValueTask<InferenceResponse> QueueAsync(PendingRequest pending, CancellationToken cancellationToken)
    {
        Activity? queue = InferenceActivity.StartQueue(_servable.Info, pending.Rows);
        try
        {
            InferenceResponse response = await _dispatcher.RunAsync(pending);
            long end = _time.GetTimestamp();
            _servable.Statistics.Succeeded(pending.Rows, end, end - pending.Arrived, pending.Taken - pending.Arrived, pending.Times);
            _servable.Metrics.Queued(pending.Taken - pending.Arrived);
            _servable.Metrics.Succeeded(end - pending.Arrived);
            InferenceActivity.EndQueue(queue, response.Timings.Queue);
            return response;
        }
        catch (Exception exception)
        {
            SlipwayException failure = Count(AtDeadline(exception, pending.Deadline), pending.Arrived, cancellationToken);
            InferenceActivity.Fail(queue, failure);
            queue?.Dispose();
            throw failure;
        }
    }

    // The memory of inputs that were made for the request goes back when nobody reads them any more, which is when the task has completed.
    private async ValueTask<InferenceResponse> QueueAdaptedAsync(PendingRequest pending, InferenceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await QueueAsync(pending, cancellationToken);
        }
        finally
        {
            InputAdapter.Release(pending.Inputs, request.Inputs);
        }
    }

    // Protocols withdraw a request when its deadline passes: the caller is told of the deadline, whichever is noticed first.
    private Exception AtDeadline(Exception exception, long deadline) =>
        exception is SlipwayException { Code: ErrorCode.Cancelled } && _time.GetTimestamp() >= deadline
            ? new SlipwayException(ErrorCode.DeadlineExceeded, "Request timeout expired", exception)
            : exception;

    private ValueTask<InferenceResponse> Fail(Exception exception, long started, CancellationToken cancellationToken) =>
        ValueTask.FromException<InferenceResponse>(Count(exception, started, cancellationToken));

    private SlipwayException Count(Exception exception, long started, CancellationToken cancellationToken)
    {
        SlipwayException failure = EngineFailure.Translate(exception, _servable.Info.ModelName, cancellationToken);
        long total = _time.GetTimestamp() - started;
        _servable.Statistics.Failed(total);
        _servable.Metrics.Failed(failure.Code, total);
        if (Reason(failure.Code) is { } reason)
        {
            _servable.Metrics.Rejected(reason);
        }

        return failure;
    }

    private static string? Reason(ErrorCode code) => code switch
    {
        ErrorCode.Overloaded => "queue_full",
        ErrorCode.DeadlineExceeded => "timeout",
        ErrorCode.Cancelled => "cancelled",
        ErrorCode.InvalidRequest or ErrorCode.ShapeMismatch => "invalid",
        _ => null,
    };
}
