namespace Slipway.Inference.Scheduling;

/// <summary>Waiting requests that may run together, by level and arrival. Guarded by the queue's gate.</summary>
internal sealed class BatchClass(BatchKey key, int levels)
{
    // Requests that were withdrawn leave when their turn comes, or when they outnumber those that wait by so many: behind one that waits for long there is no bound on them otherwise.
    private const int MostIdleEntries = 32;

    private readonly Queue<PendingRequest>?[] _levels = new Queue<PendingRequest>?[levels];
    private int _entries;

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
        _entries++;
    }

    /// <summary>The request that is next in turn; null when none waits.</summary>
    public PendingRequest? Peek()
    {
        foreach (Queue<PendingRequest>? level in _levels)
        {
            if (HeadOf(level) is { } next)
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>Arrival of the oldest request waiting on any level; <see cref="long.MaxValue"/> when none waits.</summary>
    public long OldestArrival()
    {
        long oldest = long.MaxValue;
        foreach (Queue<PendingRequest>? level in _levels)
        {
            oldest = Math.Min(oldest, HeadOf(level)?.Arrived ?? long.MaxValue);
        }

        return oldest;
    }

    /// <summary>No longer counts a request that was taken or withdrawn.</summary>
    public void Discount(PendingRequest request)
    {
        Rows -= Math.Max(1, request.Rows);
        Count--;
        if (_entries > (2 * Count) + MostIdleEntries)
        {
            LetGo();
        }
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

    // The first that waits; withdrawn ones before it are let go of.
    private PendingRequest? HeadOf(Queue<PendingRequest>? level)
    {
        while (level is { Count: > 0 })
        {
            if (level.Peek() is { State: PendingState.Queued } head)
            {
                return head;
            }

            level.Dequeue();
            _entries--;
        }

        return null;
    }

    private void LetGo()
    {
        foreach (Queue<PendingRequest>? level in _levels)
        {
            for (int left = level?.Count ?? 0; left > 0; left--)
            {
                PendingRequest request = level!.Dequeue();
                if (request.State == PendingState.Queued)
                {
                    level.Enqueue(request);
                }
            }
        }

        _entries = Count;
    }
}
