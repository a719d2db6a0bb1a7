namespace Slipway.Inference.Scheduling;

/// <summary>Says which of the waiting requests are to run now. Changes nothing; guarded by the queue's gate.</summary>
internal sealed class BatchChooser(RequestQueue queue, TimeProvider time)
{
    /// <summary>Runs that what waits would fill, so that no thread is woken for what another is about to take.</summary>
    public long RunsWanted(IBatchPolicy policy) => policy is UnbatchedPolicy
        ? queue.Count
        : Math.Min(queue.Count, Math.Max(queue.ClassCount, (queue.Rows + policy.MaxRows - 1) / policy.MaxRows));

    /// <summary>What to run at <paramref name="now"/>, and of which class. The first in turn goes first; while it waits for company, a batch that is complete may go.</summary>
    public (BatchClass? Group, BatchAction Action) Choose(IBatchPolicy policy, long now)
    {
        if (queue.Head() is not { } head)
        {
            return (null, BatchAction.Idle);
        }

        BatchAction action = policy.Decide(Snapshot(head, now));
        if (action.IsRun || queue.ClassCount == 1)
        {
            return (head, action);
        }

        foreach (BatchClass other in queue.Classes)
        {
            BatchAction own = policy.Decide(Snapshot(other, now));
            if (own.IsRun)
            {
                return (other, own);
            }

            action = own.Wait > TimeSpan.Zero && own.Wait < action.Wait ? own : action;
        }

        return (head, action);
    }

    private QueueSnapshot Snapshot(BatchClass group, long now) => new(group.Rows, ToTime(now - group.OldestArrival()), ToTime(queue.ArrivalGap));

    private TimeSpan ToTime(long ticks) => time.GetElapsedTime(0, Math.Max(0, ticks));
}
