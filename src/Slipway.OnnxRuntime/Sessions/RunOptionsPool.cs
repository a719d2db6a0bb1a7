using System.Collections.Concurrent;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Keeps run options for the next run that can be cancelled, rather than making new ones each time. Thread-safe.</summary>
internal sealed class RunOptionsPool
{
    private const int MostKept = 256;

    private readonly ConcurrentStack<RunOptionsHandle> _free = new();
    private int _kept;

    /// <summary>Lends options whose terminate flag follows <paramref name="cancellationToken"/> until the lease is disposed.</summary>
    public RunOptionsLease Rent(CancellationToken cancellationToken)
    {
        if (_free.TryPop(out RunOptionsHandle? options))
        {
            Interlocked.Decrement(ref _kept);
        }
        else
        {
            options = new RunOptionsHandle();
        }

        return new RunOptionsLease(this, options, cancellationToken);
    }

    internal void Return(RunOptionsHandle options)
    {
        if (options.WasTerminated || Interlocked.Increment(ref _kept) > MostKept)
        {
            // Options that ended a run are not used again: the flag may be read by threads of the run that are still leaving it.
            if (!options.WasTerminated)
            {
                Interlocked.Decrement(ref _kept);
            }

            options.Dispose();
            return;
        }

        _free.Push(options);
    }
}

/// <summary>Run options for one run.</summary>
internal readonly ref struct RunOptionsLease
{
    private readonly RunOptionsPool _pool;
    private readonly RunOptionsHandle _options;
    private readonly CancellationTokenRegistration _registration;

    public RunOptionsLease(RunOptionsPool pool, RunOptionsHandle options, CancellationToken cancellationToken)
    {
        _pool = pool;
        _options = options;
        _registration = cancellationToken.UnsafeRegister(static state => ((RunOptionsHandle)state!).Terminate(), options);
    }

    /// <summary>The engine's object.</summary>
    public unsafe OrtRunOptions* Pointer => _options.Pointer;

    /// <summary>Stops following the token, waiting for a callback that is under way, and gives the options back.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        _pool.Return(_options);
    }
}
