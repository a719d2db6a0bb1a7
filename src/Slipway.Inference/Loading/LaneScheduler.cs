namespace Slipway.Inference.Loading;

/// <summary>
/// Threads of their own for finding, loading and freeing models, so that none of these ever holds up a thread that serves requests. Work started here stays here
/// across its awaits.
/// </summary>
internal sealed class LaneScheduler : TaskScheduler, IDisposable
{
    // With a monitor, whose waiters sleep at once: those of a blocking collection first look again and again, a tenth of what loading a small model costs.
    private readonly object _gate = new();
    private readonly Queue<Task> _tasks = new();
    private readonly Thread[] _threads;
    private readonly bool _givesWay;
    private bool _isClosed;

    /// <summary>Starts threads.</summary>
    /// <param name="name">Their name, to which a number is added.</param>
    /// <param name="threads">How many.</param>
    /// <param name="givesWay">Whether they give way to requests from the start; else work does it that calls <see cref="LanePriority.Lower"/>.</param>
    public LaneScheduler(string name, int threads, bool givesWay)
    {
        _givesWay = givesWay;
        _threads = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"{name}-{i}" };
            _threads[i].UnsafeStart();
        }
    }

    public override int MaximumConcurrencyLevel => _threads.Length;

    /// <summary>Starts asynchronous work on these threads.</summary>
    public Task StartAsync(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <summary>Runs work on one of these threads.</summary>
    public Task<T> RunAsync<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <summary>Ends the threads once what is queued has run.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _tasks];
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _tasks.Enqueue(task);
            Monitor.Pulse(_gate);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Work()
    {
        if (_givesWay)
        {
            LanePriority.Lower();
        }

        while (Next() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    // Null once the threads are to end.
    private Task? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_tasks.TryDequeue(out Task? task))
                {
                    return task;
                }

                if (_isClosed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }
        }
    }
}
