namespace Slipway.Inference.Scheduling;

/// <summary>Calls back once at the earliest of the moments asked for. Its timer is made with the first of them. Thread-safe.</summary>
internal sealed class WakeTimer(TimeProvider time, Action wake) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long _due = long.MaxValue;
    private bool _disposed;

    /// <summary>Calls back at <paramref name="due"/>, or before when that was asked for.</summary>
    public void Arm(long due)
    {
        lock (_gate)
        {
            if (_disposed || due >= _due)
            {
                return;
            }

            _due = due;
            _timer ??= time.CreateTimer(static state => ((WakeTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // Timers count whole milliseconds and would fire too early: rather a little late.
            double wait = Math.Ceiling(time.GetElapsedTime(time.GetTimestamp(), due).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, Longest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _due = long.MaxValue;
        }

        wake();
    }
}
