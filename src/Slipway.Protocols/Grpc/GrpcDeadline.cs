using System.Collections.Concurrent;

namespace Slipway.Protocols.Grpc;

/// <summary>
/// One cancellation token for two reasons: the caller went away, or its deadline passed. Sources are pooled, as nearly every call ends with neither.
/// </summary>
internal sealed class GrpcDeadline : IDisposable
{
    private const int MaxPooled = 1024;

    // Timers reach no further; whoever waits for weeks waits without one.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);
    private static readonly ConcurrentQueue<CancellationTokenSource> Pool = new();

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _aborted;
    private readonly CancellationToken _callerGone;
    private readonly ITimer? _timer;
    private readonly long _timestamp;
    private readonly TimeProvider _time;

    private GrpcDeadline(TimeSpan timeout, long timestamp, TimeProvider time, CancellationToken aborted)
    {
        _time = time;
        _timestamp = timestamp;
        _callerGone = aborted;
        _source = Pool.TryDequeue(out CancellationTokenSource? pooled) ? pooled : new CancellationTokenSource();
        _aborted = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        if (timeout <= TimeSpan.Zero)
        {
            _source.Cancel();
        }
        else if (timeout > Longest)
        {
            return;
        }
        else if (time == TimeProvider.System)
        {
            _source.CancelAfter(timeout);
        }
        else
        {
            _timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), _source, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancelled when the deadline passes or the caller goes away.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The deadline as a timestamp of the server's clock.</summary>
    public long Timestamp => _timestamp;

    /// <summary>
    /// Whether the deadline has passed. Timers count whole milliseconds and may fire a little before the timestamp is reached: what ended the wait while
    /// the caller was still there was the deadline.
    /// </summary>
    public bool HasPassed => _time.GetTimestamp() >= _timestamp || (_source.IsCancellationRequested && !_callerGone.IsCancellationRequested);

    /// <summary>Starts to wait.</summary>
    public static GrpcDeadline Start(TimeSpan timeout, TimeProvider time, CancellationToken aborted)
    {
        double ticks = timeout.TotalSeconds * time.TimestampFrequency;
        long now = time.GetTimestamp();
        long timestamp = ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks;
        return new GrpcDeadline(timeout, timestamp, time, aborted);
    }

    /// <summary>Ends waiting; the token must not be used any more.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _aborted.Dispose();
        if (Pool.Count < MaxPooled && _source.TryReset())
        {
            Pool.Enqueue(_source);
        }
        else
        {
            _source.Dispose();
        }
    }
}
