using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Scheduling;

namespace Slipway.Inference.Tests.Scheduling;

public sealed class RequestQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Requests_that_were_withdrawn_do_not_pile_up_behind_one_that_waits(int level)
    {
        RequestQueue queue = new(new QueueConfig { PriorityLevels = 2 });
        queue.Add(Request(0, 1), BatchKey.Uniform);
        queue.Add(Request(0, 2), BatchKey.Uniform);

        WeakReference[] withdrawn = [.. Enumerable.Range(1, 5000).Select(arrived => AddAndWithdraw(queue, arrived, level))];
        GC.Collect();

        Assert.Equal((2, 2), (queue.Count, (int)queue.Rows));
        Assert.InRange(withdrawn.Count(static request => request.IsAlive), 0, 100);
        GC.KeepAlive(queue);
    }

    [Fact]
    public void The_oldest_that_waits_counts_although_those_before_it_on_its_level_were_withdrawn()
    {
        RequestQueue queue = new(new QueueConfig { PriorityLevels = 2 });
        AddAndWithdraw(queue, 1, level: 2);
        queue.Add(Request(2, level: 2), BatchKey.Uniform);
        queue.Add(Request(9, level: 1), BatchKey.Uniform);

        Assert.Equal(2, queue.Head()!.OldestArrival());
        Assert.Equal(9, queue.Head()!.Peek()!.Arrived);
    }

    // Takes, withdrawals and expiries at random: what comes out is what a sorted list gives.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_withdrawn_or_expires_the_rest_come_out_by_level_and_arrival(int seed)
    {
        Random random = new(seed);
        RequestQueue queue = new(new QueueConfig { PriorityLevels = 3 });
        List<PendingRequest> waiting = [];
        for (int step = 0; step < 5000; step++)
        {
            switch (random.Next(8))
            {
                case < 4:
                    PendingRequest added = Request(step, random.Next(1, 4), random.Next(4) == 0 ? step + random.Next(200) : long.MaxValue);
                    queue.Add(added, BatchKey.Uniform);
                    waiting.Add(added);
                    break;
                case < 6 when waiting.Count > 0:
                    PendingRequest gone = waiting[random.Next(waiting.Count)];
                    queue.Remove(gone, PendingState.Dropped);
                    waiting.Remove(gone);
                    break;
                case 6 when queue.Head() is { } head:
                    List<PendingRequest> batch = [];
                    queue.Take(head, BatchAction.Run(random.Next(1, 6), BatchCloseReason.Idle), step, batch);
                    Assert.Equal([.. waiting.OrderBy(static request => request.Level).ThenBy(static request => request.Sequence).Take(batch.Count)], batch);
                    waiting.RemoveAll(batch.Contains);
                    break;
                default:
                    List<PendingRequest> expired = queue.RemoveExpired(step);
                    Assert.Equal(waiting.Where(request => request.Expiry <= step).ToHashSet(), expired.ToHashSet());
                    waiting.RemoveAll(expired.Contains);
                    break;
            }

            Assert.Equal((waiting.Count, waiting.Count), (queue.Count, (int)queue.Rows));
            Assert.Equal(waiting.Count == 0 ? null : waiting.Min(static request => request.Arrived), queue.Head()?.OldestArrival());
            Assert.True(queue.EarliestExpiry <= waiting.Select(static request => request.Expiry).DefaultIfEmpty(long.MaxValue).Min());
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AddAndWithdraw(RequestQueue queue, long arrived, int level)
    {
        PendingRequest request = Request(arrived, level);
        queue.Add(request, BatchKey.Uniform);
        queue.Remove(request, PendingState.Dropped);
        return new WeakReference(request);
    }

    private static PendingRequest Request(long arrived, int level, long expiry = long.MaxValue) =>
        new([], [], new RequestSize(1, 8), arrived, CancellationToken.None) { Level = level, Expiry = expiry };
}
