using System.Net.Sockets;

namespace Slipway.Cli.Benchmarking;

/// <summary>Makes the load of a <see cref="BenchPlan"/> and measures it.</summary>
/// <param name="plan">What load is made.</param>
/// <param name="connect">Makes a channel.</param>
/// <param name="time">The clock.</param>
internal sealed class LoadRunner(BenchPlan plan, Func<ILoadChannel> connect, TimeProvider time)
{
    // A connection that can't be used is tried again after this, so that a server that is gone is not hammered in a loop.
    private static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(50);

    private long _answered;

    /// <summary>Requests answered or failed so far, the warm-up's included.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Makes the load.</summary>
    /// <returns>What was measured, and for how long.</returns>
    public async Task<(WorkerResult Result, TimeSpan Measured)> RunAsync(CancellationToken cancellationToken)
    {
        await RunPhaseAsync(plan.Warmup, cancellationToken);
        long begin = time.GetTimestamp();
        WorkerResult result = await RunPhaseAsync(plan.Duration, cancellationToken);
        return (result, time.GetElapsedTime(begin));
    }

    private async Task<WorkerResult> RunPhaseAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        WorkerResult all = new();
        if (duration <= TimeSpan.Zero)
        {
            return all;
        }

        ArrivalSchedule? schedule = plan.Rate is { } rate ? new ArrivalSchedule(rate, time) : null;
        long end = time.GetTimestamp() + (long)(duration.TotalSeconds * time.TimestampFrequency);
        Task<WorkerResult>[] workers = [.. Enumerable.Range(0, plan.Connections).Select(_ => WorkAsync(schedule, end, cancellationToken))];
        foreach (WorkerResult result in await Task.WhenAll(workers))
        {
            all.Add(result);
        }

        return all;
    }

    private async Task<WorkerResult> WorkAsync(ArrivalSchedule? schedule, long end, CancellationToken cancellationToken)
    {
        WorkerResult result = new();
        await using ILoadChannel channel = connect();

        // Workers start together; yielding lets the first not run until its first answer before the second begins.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            long start = schedule is null ? time.GetTimestamp() : await DueAsync(schedule, end, cancellationToken);
            if (start >= end)
            {
                break;
            }

            await MeasureAsync(channel, start, result, cancellationToken);
        }

        return result;
    }

    /// <summary>Waits until the next request is due.</summary>
    /// <returns>
    /// From when it counts: its due time if this connection was late for it; otherwise the moment it is sent, because a timer that is a millisecond coarse is not the server's fault.
    /// </returns>
    private async ValueTask<long> DueAsync(ArrivalSchedule schedule, long end, CancellationToken cancellationToken)
    {
        long due = schedule.TakeNext();
        long now = time.GetTimestamp();
        if (now >= due || due >= end)
        {
            return due;
        }

        // Timers count whole milliseconds and cut the rest off: rounding up keeps requests from being sent before they are due.
        double milliseconds = (due - now) * 1000.0 / time.TimestampFrequency;
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(milliseconds)), time, cancellationToken);
        return time.GetTimestamp();
    }

    private async ValueTask MeasureAsync(ILoadChannel channel, long start, WorkerResult result, CancellationToken cancellationToken)
    {
        try
        {
            if (await channel.SendAsync(cancellationToken) is { } refusal)
            {
                result.Fail(refusal);
            }
            else
            {
                result.Latency.Record(time.GetElapsedTime(start));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or HttpRequestException or InvalidDataException)
        {
            result.Fail(exception.GetBaseException() is SocketException socket ? $"socket-{socket.SocketErrorCode}" : exception.GetType().Name);
            await Task.Delay(FailurePause, time, cancellationToken);
        }

        Interlocked.Increment(ref _answered);
    }
}
