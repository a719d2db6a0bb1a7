namespace Slipway.Inference.Scheduling;

/// <summary>How many runs of a model may go on at once, within the bound on all models. Thread-safe, without locks.</summary>
/// <param name="instances">Runs at once; 0: one per core.</param>
/// <param name="permits">The bound on runs of all models.</param>
internal sealed class InstanceSlots(int instances, RunPermits permits)
{
    // Threads that the system has paused in the middle of a short run are not using a core: with as many slots as cores, callers would queue for a free one.
    private const int PausedPerCore = 3;

    private readonly int _max = instances > 0 ? instances : Environment.ProcessorCount;
    private readonly int _maxShort = instances > 0 ? instances : Environment.ProcessorCount * (1 + PausedPerCore);
    private int _taken;

    /// <summary>Most runs at once.</summary>
    public int Max => _max;

    /// <summary>Whether a run could begin now, but for the bound on all models.</summary>
    public bool HasFree => Volatile.Read(ref _taken) < _max;

    /// <summary>Takes a slot, to be given back with <see cref="Return"/>.</summary>
    public bool TryTake() => TryTake(_max);

    /// <summary>
    /// As <see cref="TryTake()"/>, for a run on the caller's thread that is over sooner than waiting for a slot would be. A number of instances that was
    /// configured is kept all the same.
    /// </summary>
    public bool TryTakeShort() => TryTake(_maxShort);

    /// <summary>As <see cref="TryTake()"/>; when only the bound on all models stands in the way, asks to be told once that changes.</summary>
    /// <param name="retry">Tries again; tells whether it made use of the permit, so that others are not left waiting.</param>
    /// <param name="isWaiting">Set while <paramref name="retry"/> is to be called.</param>
    public bool TryTakeOrAwait(Func<bool> retry, ref bool isWaiting)
    {
        if (TryTake())
        {
            return true;
        }

        if (!HasFree)
        {
            return false;
        }

        if (!isWaiting)
        {
            isWaiting = true;
            permits.Await(retry);
        }

        // One may have come back before we were in the line.
        return TryTake();
    }

    /// <summary>Gives a slot back. Not to be called with a gate held.</summary>
    public void Return()
    {
        Interlocked.Decrement(ref _taken);
        permits.Return();
    }

    private bool TryTake(int max)
    {
        if (!TryTakeOwn(max))
        {
            return false;
        }

        if (permits.TryTake())
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    private bool TryTakeOwn(int max)
    {
        int taken = Volatile.Read(ref _taken);
        while (taken < max)
        {
            int seen = Interlocked.CompareExchange(ref _taken, taken + 1, taken);
            if (seen == taken)
            {
                return true;
            }

            taken = seen;
        }

        return false;
    }
}
