using Slipway.Core;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// What waits in front of a model, bounded in rows and bytes: by priority level, then by arrival. A batch is taken from the requests that may run together with
/// the first in turn. Not thread-safe: guarded by the executor's gate.
/// </summary>
internal sealed class RequestQueue(QueueConfig config)
{
    // A gap between arrivals counts an eighth: a burst is noticed after a few requests.
    private const int GapWeight = 8;

    private readonly Dictionary<BatchKey, BatchClass> _classes = [];
    private long _bytes;
    private long _sequence;
    private long _lastArrival = -1;
    private long _arrivalGap;

    /// <summary>Requests waiting.</summary>
    public int Count { get; private set; }

    /// <summary>Rows waiting, a request without rows counting as one.</summary>
    public long Rows { get; private set; }

    /// <summary>Kinds of requests waiting that can't run together.</summary>
    public int ClassCount => _classes.Count;

    /// <summary>The requests waiting, by kind.</summary>
    public IEnumerable<BatchClass> Classes => _classes.Values;

    /// <summary>Average ticks between arrivals of late; 0 when not known.</summary>
    public long ArrivalGap => _arrivalGap;

    /// <summary>Earliest expiry of what waits, or of what did; <see cref="long.MaxValue"/>: none.</summary>
    public long EarliestExpiry { get; private set; } = long.MaxValue;

    /// <summary>Whether the request fits beside what waits. A queue with nothing in it takes a request of any size, or it would never be answered.</summary>
    public bool HasRoomFor(int rows, long bytes, bool startsAtOnce) =>
        Count == 0 ? startsAtOnce || config.MaxRows > 0 : Rows + Math.Max(1, rows) <= config.MaxRows && _bytes + bytes <= config.MaxBytes;

    public void Add(PendingRequest request, BatchKey key)
    {
        if (!_classes.TryGetValue(key, out BatchClass? group))
        {
            _classes.Add(key, group = new BatchClass(key, config.PriorityLevels));
        }

        request.Class = group;
        request.Sequence = _sequence++;
        request.State = PendingState.Queued;
        group.Add(request);
        Count++;
        Rows += Math.Max(1, request.Rows);
        _bytes += request.Bytes;
        EarliestExpiry = Math.Min(EarliestExpiry, request.Expiry);
        NoteArrival(request.Arrived);
    }

    /// <summary>The requests among which the first in turn is; null when nothing waits.</summary>
    public BatchClass? Head()
    {
        BatchClass? head = null;
        PendingRequest? first = null;
        foreach (BatchClass candidate in _classes.Values)
        {
            if (candidate.Peek() is { } next
                && (first is null || next.Level < first.Level || (next.Level == first.Level && next.Sequence < first.Sequence)))
            {
                (head, first) = (candidate, next);
            }
        }

        return head;
    }

    /// <summary>Takes requests of <paramref name="group"/> in turn, as many as <paramref name="action"/> allows, at least one.</summary>
    public void Take(BatchClass group, in BatchAction action, long now, List<PendingRequest> batch)
    {
        long rows = 0;
        while (batch.Count < action.MaxRequests && group.Peek() is { } next)
        {
            // Nobody is passed over: a request that does not fit is the first of the next batch.
            if (batch.Count > 0 && (rows + next.Rows > action.MaxRows || next.IsAlone || batch[0].IsAlone))
            {
                break;
            }

            next.Taken = now;
            Remove(next, PendingState.Taken);
            batch.Add(next);
            rows += next.Rows;
        }
    }

    /// <summary>Takes a request out, to run or because it is withdrawn.</summary>
    public void Remove(PendingRequest request, PendingState state)
    {
        BatchClass group = request.Class!;
        request.State = state;
        group.Discount(request);
        Count--;
        Rows -= Math.Max(1, request.Rows);
        _bytes -= request.Bytes;
        if (group.Count == 0)
        {
            _classes.Remove(group.Key);
        }
    }

    /// <summary>Takes out what has expired.</summary>
    public List<PendingRequest> RemoveExpired(long now)
    {
        if (EarliestExpiry > now)
        {
            return [];
        }

        List<PendingRequest> expired = [.. _classes.Values.SelectMany(group => group.Expired(now))];
        foreach (PendingRequest request in expired)
        {
            Remove(request, PendingState.Dropped);
        }

        EarliestExpiry = _classes.Values.Select(static group => group.EarliestExpiry()).DefaultIfEmpty(long.MaxValue).Min();
        return expired;
    }

    private void NoteArrival(long arrived)
    {
        long gap = arrived - _lastArrival;
        if (_lastArrival >= 0 && gap >= 0)
        {
            _arrivalGap = _arrivalGap == 0 ? Math.Max(1, gap) : Math.Max(1, _arrivalGap + ((gap - _arrivalGap) / GapWeight));
        }

        _lastArrival = arrived;
    }
}
