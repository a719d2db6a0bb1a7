namespace Slipway.Inference.Scheduling;

/// <summary>Waiting requests that may run together, by level and arrival. Guarded by the queue's gate.</summary>
internal sealed class BatchClass(BatchKey key, int levels)
{
    private readonly Queue<PendingRequest>?[] _levels = new Queue<PendingRequest>?[levels];

    public BatchKey Key { get; } = key;

    /// <summary>Rows waiting.</summary>
    public long Rows { get; private set; }

    /// <summary>Requests waiting.</summary>
    public int Count { get; private set; }

    public void Add(PendingRequest request)
    {
        (_levels[request.Level - 1] ??= new Queue<PendingRequest>()).Enqueue(request);
        Rows += Math.Max(1, request.Rows);
        Count++;
    }

    /// <summary>The request that is next in turn; null when none waits. Withdrawn ones are let go of on the way.</summary>
    public PendingRequest? Peek()
    {
        foreach (Queue<PendingRequest>? level in _levels)
        {
            while (level is { Count: > 0 })
            {
                if (level.Peek() is { State: PendingState.Queued } next)
                {
                    return next;
                }

                level.Dequeue();
            }
        }

        return null;
    }

    /// <summary>Arrival of the oldest request waiting on any level; <see cref="long.MaxValue"/> when none waits.</summary>
    public long OldestArrival()
    {
        Peek();
        long oldest = long.MaxValue;
        foreach (Queue<PendingRequest>? level in _levels)
        {
            // The head of a lower level may be withdrawn: then its age is that of a later one at most, which only closes a batch early.
            if (level is { Count: > 0 } && level.Peek() is { State: PendingState.Queued } head)
            {
                oldest = Math.Min(oldest, head.Arrived);
            }
        }

        return oldest;
    }

    /// <summary>No longer counts a request that was taken or withdrawn.</summary>
    public void Discount(PendingRequest request)
    {
        Rows -= Math.Max(1, request.Rows);
        Count--;
    }

    /// <summary>Every request waiting that has expired.</summary>
    public IEnumerable<PendingRequest> Expired(long now)
    {
        foreach (Queue<PendingRequest>? level in _levels)
        {
            foreach (PendingRequest request in level ?? [])
            {
                if (request.State == PendingState.Queued && request.Expiry <= now)
                {
                    yield return request;
                }
            }
        }
    }

    /// <summary>The earliest expiry of the requests waiting; <see cref="long.MaxValue"/> when none expires.</summary>
    public long EarliestExpiry()
    {
        long earliest = long.MaxValue;
        foreach (Queue<PendingRequest>? level in _levels)
        {
            foreach (PendingRequest request in level ?? [])
            {
                if (request.State == PendingState.Queued)
                {
                    earliest = Math.Min(earliest, request.Expiry);
                }
            }
        }

        return earliest;
    }
}
