namespace Slipway.Inference.Scheduling;

/// <summary>How many runs of a model may go on at once, within the bound on all models. Thread-safe, without locks.</summary>
/// <param name="instances">Runs at once; 0: one per core.</param>
/// <param name="permits">The bound on runs of all models.</param>
internal sealed class InstanceSlots(int instances, RunPermits permits)
{
    private readonly int _max = instances > 0 ? instances : Environment.ProcessorCount;
    private int _taken;

    /// <summary>Most runs at once.</summary>
    public int Max => _max;

    /// <summary>Whether a run could begin now, but for the bound on all models.</summary>
    public bool HasFree => Volatile.Read(ref _taken) < _max;

    /// <summary>Takes a slot, to be given back with <see cref="Return"/>.</summary>
    public bool TryTake()
    {
        if (!TryTakeOwn())
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

    /// <summary>As <see cref="TryTake"/>; when only the bound on all models stands in the way, asks to be told once that changes.</summary>
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

    private bool TryTakeOwn()
    {
        int taken = Volatile.Read(ref _taken);
        while (taken < _max)
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
