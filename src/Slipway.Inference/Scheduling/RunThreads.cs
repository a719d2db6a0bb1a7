using Microsoft.Extensions.Options;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// Threads that run models which take long, so that a run never holds up a thread that serves connections. Shared by all models; made when needed, ended when
/// idle. How many there are follows from the models' instances. Thread-safe.
/// </summary>
internal sealed class RunThreads(IOptions<SchedulingOptions> options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<RunThread> _idle = new();
    private readonly TimeSpan _idleTime = options.Value.RunThreadIdleTime;
    private int _made;
    private bool _disposed;

    /// <summary>Threads that exist now.</summary>
    public int Count { get; private set; }

    /// <summary>Runs <paramref name="work"/> on a thread of its own, at once.</summary>
    public void Start(Action work)
    {
        RunThread? thread;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_idle.TryPop(out thread))
            {
                Count++;
                thread = new RunThread(this, _made++);
            }
        }

        thread.Give(work);
    }

    /// <summary>Ends the idle threads, and the others when they become so.</summary>
    public void Dispose()
    {
        RunThread[] idle;
        lock (_gate)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
            Count -= idle.Length;
        }

        foreach (RunThread thread in idle)
        {
            thread.Give(null);
        }
    }

    // False: the thread is to end.
    private bool TryPark(RunThread thread)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                Count--;
                return false;
            }

            // Last in, first out: the rest stay idle long enough to end.
            _idle.Push(thread);
            return true;
        }
    }

    // False: work is on its way to it.
    private bool TryLeave(RunThread thread)
    {
        lock (_gate)
        {
            if (!_idle.Contains(thread))
            {
                return false;
            }

            RunThread[] others = [.. _idle.Where(other => other != thread).Reverse()];
            _idle.Clear();
            foreach (RunThread other in others)
            {
                _idle.Push(other);
            }

            Count--;
            return true;
        }
    }

    private sealed class RunThread : IDisposable
    {
        private readonly RunThreads _owner;
        private readonly SemaphoreSlim _given = new(0);
        private readonly Thread _thread;
        private Action? _work;

        public RunThread(RunThreads owner, int number)
        {
            _owner = owner;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"slipway-run-{number}" };
        }

        public void Give(Action? work)
        {
            _work = work;
            if ((_thread.ThreadState & ThreadState.Unstarted) != 0)
            {
                _thread.UnsafeStart();
            }

            _given.Release();
        }

        public void Dispose() => _given.Dispose();

        private void Loop()
        {
            using (this)
            {
                RunUntilIdle();
            }
        }

        private void RunUntilIdle()
        {
            while (true)
            {
                while (!_given.Wait(_owner._idleTime))
                {
                    if (_owner.TryLeave(this))
                    {
                        return;
                    }
                }

                if (_work is not { } work)
                {
                    return;
                }

                _work = null;
                work();
                if (!_owner.TryPark(this))
                {
                    return;
                }
            }
        }
    }
}
