using Slipway.Core;
using Slipway.Inference.Requests;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// The queue of one model and what brings requests from it to run: admits or refuses at once, lets go of what is cancelled or expired, and starts a run whenever
/// the policy wants one and an instance is free. Thread-safe.
/// </summary>
internal sealed class RequestDispatcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ServableRuntime _servable;
    private readonly SchedulingServices _services;
    private readonly TimeProvider _time;
    private readonly InstanceSlots _slots;
    private readonly IBatchPolicy _configuredPolicy;
    private readonly RequestQueue _queue;
    private readonly BatchChooser _chooser;
    private readonly QueueAdmission _admission;
    private readonly BatchRunner _runner;
    private readonly WakeTimer _wake;
    private readonly Action _work;
    private readonly Func<bool> _retry;
    private readonly bool _keysDiffer;
    private readonly bool _mayCut;
    private int _waiting;
    private int _starting;
    private bool _awaitsPermit;

    public RequestDispatcher(ServableRuntime servable, SchedulingServices services, InstanceSlots slots, RunTimeEstimator runTimes)
    {
        _servable = servable;
        _services = services;
        _time = services.Time;
        _slots = slots;
        _configuredPolicy = BatchingRules.CreatePolicy(servable.Contract, servable.Info.Config);
        _queue = new RequestQueue(servable.Info.Config.Queue);
        _chooser = new BatchChooser(_queue, services.Time);
        _admission = new QueueAdmission(servable.Info.ModelName, _queue, _chooser, slots, runTimes, services.Time);
        _runner = new BatchRunner(servable, runTimes, services.Time, services.Logger);
        _wake = new WakeTimer(services.Time, OnWake);
        _work = Work;
        _retry = Retry;
        _keysDiffer = _configuredPolicy is DynamicBatchPolicy && BatchKey.CanDiffer(servable.Contract);
        _mayCut = _configuredPolicy is DynamicBatchPolicy && servable.Info.Config.Batching is { SplitLargeRequests: true };
    }

    /// <summary>Requests waiting now. Read without the gate.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    private IBatchPolicy Policy => _runner.RowsDepend ? UnbatchedPolicy.Instance : _configuredPolicy;

    /// <summary>Whether a request is cut up because it is larger than a batch may be.</summary>
    public bool IsCut(in RequestSize size) => _mayCut && size.Rows > _configuredPolicy.MaxRows && !size.IsAlone && !_runner.RowsDepend;

    /// <summary>Queues a request; the task completes with its answer, and not before its inputs are no longer used.</summary>
    public Task<InferenceResponse> RunAsync(PendingRequest request) =>
        IsCut(request.Size) ? RunInPartsAsync(request) : RunWholeAsync(request);

    /// <summary>An instance became free outside of this class: whoever waits may run.</summary>
    public void Continue()
    {
        if (Waiting > 0)
        {
            lock (_gate)
            {
                Pump();
            }
        }
    }

    /// <summary>Stops the timer. Nothing waits any more.</summary>
    public void Dispose() => _wake.Dispose();

    private async Task<InferenceResponse> RunWholeAsync(PendingRequest request)
    {
        // Registered before it is in the queue: a token that is cancelled in between withdraws it all the same.
        await using CancellationTokenRegistration cancelled = request.CancellationToken.UnsafeRegister(
            static state => (((RequestDispatcher, PendingRequest))state!).Item1.Withdraw((((RequestDispatcher, PendingRequest))state!).Item2), (this, request));
        lock (_gate)
        {
            _admission.ThrowIfFull(request.Size, Policy);
            Add(request);
            Pump();
        }

        return await request.Answer;
    }

    private async Task<InferenceResponse> RunInPartsAsync(PendingRequest request)
    {
        List<PendingRequest> parts = RequestParts.Cut(request, _configuredPolicy.MaxRows);
        await using CancellationTokenRegistration cancelled = request.CancellationToken.UnsafeRegister(
            static state =>
            {
                (RequestDispatcher dispatcher, List<PendingRequest> parts) = ((RequestDispatcher, List<PendingRequest>))state!;
                parts.ForEach(dispatcher.Withdraw);
            },
            (this, parts));
        lock (_gate)
        {
            _admission.ThrowIfFull(request.Size, Policy);
            parts.ForEach(Add);
            Pump();
        }

        InferenceResponse? answer = await RequestParts.TryJoinAsync(request, parts, TensorBufferPool.Shared);
        if (answer is not null && !_runner.RowsDepend)
        {
            return answer;
        }

        // Parts of such a model are answers to other questions.
        answer?.Dispose();
        _runner.NoteRowsDepend();
        return await RunWholeAsync(request);
    }

    private void Add(PendingRequest request)
    {
        if (request.State != PendingState.New)
        {
            return;
        }

        _queue.Add(request, _keysDiffer ? BatchKey.Of(request.Inputs) : BatchKey.Uniform);
        Volatile.Write(ref _waiting, _queue.Count);
        if (request.Expiry != long.MaxValue)
        {
            _wake.Arm(request.Expiry);
        }
    }

    private void Withdraw(PendingRequest request)
    {
        lock (_gate)
        {
            if (request.State is PendingState.Taken or PendingState.Dropped)
            {
                return;
            }

            if (request.State == PendingState.Queued)
            {
                _queue.Remove(request, PendingState.Dropped);
                Volatile.Write(ref _waiting, _queue.Count);
            }

            request.State = PendingState.Dropped;
        }

        request.Fail(new SlipwayException(ErrorCode.Cancelled, $"the request to model '{_servable.Info.ModelName}' was cancelled"));
    }

    // With the gate held: starts as many runs as there is work for and instances are free.
    private void Pump()
    {
        while (_queue.Count > 0 && _starting < _chooser.RunsWanted(Policy))
        {
            (BatchClass? _, BatchAction action) = _chooser.Choose(Policy, _time.GetTimestamp());
            if (!action.IsRun)
            {
                _wake.Arm(_time.GetTimestamp() + ToTicks(action.Wait));
                return;
            }

            if (!_slots.TryTakeOrAwait(_retry, ref _awaitsPermit))
            {
                return;
            }

            _starting++;
            _services.Threads.Start(_work);
        }
    }

    // On a run thread, holding a slot: batch after batch until nothing is to be run.
    private void Work()
    {
        List<PendingRequest> batch = [];
        bool isFirst = true;
        while (TryTakeBatch(batch, isFirst, out BatchCloseReason reason))
        {
            isFirst = false;
            int rows = batch.Sum(static request => request.Rows);
            bool isPadded = !batch[0].IsAlone && Policy is DynamicBatchPolicy;
            _runner.Run(batch, rows, isPadded ? _configuredPolicy.PaddedRows(rows) : rows, reason);
            batch.Clear();
            if (_services.Permits.IsContended)
            {
                // Other models wait for their turn: this one stands in line again.
                break;
            }
        }

        _slots.Return();
        Continue();
    }

    private bool TryTakeBatch(List<PendingRequest> batch, bool isFirst, out BatchCloseReason reason)
    {
        List<PendingRequest> expired;
        lock (_gate)
        {
            _starting -= isFirst ? 1 : 0;
            long now = _time.GetTimestamp();
            expired = _queue.RemoveExpired(now);
            (BatchClass? group, BatchAction action) = _chooser.Choose(Policy, now);
            reason = action.Reason;
            if (action.IsRun)
            {
                _queue.Take(group!, action, now, batch);
            }

            Volatile.Write(ref _waiting, _queue.Count);

            // What is left may be for another instance, or for later.
            Pump();
        }

        FailExpired(expired);
        return batch.Count > 0;
    }

    private void OnWake()
    {
        List<PendingRequest> expired;
        lock (_gate)
        {
            expired = _queue.RemoveExpired(_time.GetTimestamp());
            Volatile.Write(ref _waiting, _queue.Count);
            if (_queue.EarliestExpiry != long.MaxValue)
            {
                _wake.Arm(_queue.EarliestExpiry);
            }

            Pump();
        }

        FailExpired(expired);
    }

    // A permit may be free.
    private bool Retry()
    {
        lock (_gate)
        {
            _awaitsPermit = false;
            int before = _starting;
            Pump();
            return _starting > before || _awaitsPermit;
        }
    }

    private static void FailExpired(List<PendingRequest> expired)
    {
        foreach (PendingRequest request in expired)
        {
            request.Fail(new SlipwayException(ErrorCode.DeadlineExceeded, "Request timeout expired"));
        }
    }

    private long ToTicks(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);
}
