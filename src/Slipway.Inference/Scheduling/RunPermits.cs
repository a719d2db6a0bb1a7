using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Slipway.Inference.Scheduling;

/// <summary>The bound on runs of all models together. Models that find it reached take turns, first come first served. Thread-safe.</summary>
internal sealed class RunPermits(IOptions<SchedulingOptions> options)
{
    private readonly int _max = options.Value.MaxConcurrentRuns;
    private readonly ConcurrentQueue<Func<bool>> _waiting = new();
    private int _taken;

    /// <summary>Takes a permit, to be given back with <see cref="Return"/>; false when all are taken.</summary>
    public bool TryTake()
    {
        if (_max == 0)
        {
            return true;
        }

        int taken;
        do
        {
            taken = Volatile.Read(ref _taken);
            if (taken >= _max)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _taken, taken + 1, taken) != taken);

        return true;
    }

    /// <summary>
    /// Asks to be told, once, when a permit may be free. To be followed by another <see cref="TryTake"/>: one may have been given back in between.
    /// </summary>
    /// <param name="retry">Tells whether the next in line need not be asked: it took the permit, or stands in line again.</param>
    public void Await(Func<bool> retry) => _waiting.Enqueue(retry);

    /// <summary>Whether somebody stands in line.</summary>
    public bool IsContended => _max != 0 && !_waiting.IsEmpty;

    /// <summary>Gives a permit back. Not to be called with a lock held that a waiter needs.</summary>
    public void Return()
    {
        if (_max == 0)
        {
            return;
        }

        Interlocked.Decrement(ref _taken);
        while (_waiting.TryDequeue(out Func<bool>? retry) && !retry())
        {
        }
    }
}
