using System.Collections.Concurrent;

namespace Slipway.Inference.Loading;

/// <summary>
/// Threads of their own for finding, loading and freeing models, so that none of these ever holds up a thread that serves requests. Work started here stays here
/// across its awaits.
/// </summary>
internal sealed class LaneScheduler : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _tasks = [];
    private readonly Thread[] _threads;
    private readonly bool _givesWay;
    private int _disposed;

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
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _tasks.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _tasks.Dispose();
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    private void Work()
    {
        if (_givesWay)
        {
            LanePriority.Lower();
        }

        foreach (Task task in _tasks.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
