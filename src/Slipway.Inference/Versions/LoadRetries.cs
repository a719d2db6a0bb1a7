using Slipway.Core;
using Slipway.Inference.Loading;

namespace Slipway.Inference.Versions;

/// <summary>Remembers which failed loads are worth another try, and when; one timer for all models. Thread-safe.</summary>
internal sealed class LoadRetries : IDisposable
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<(ModelState Model, long Version), DateTimeOffset> _due = new();
    private readonly LoadingOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<ModelState, long> _retry;
    private readonly ITimer _timer;
    private bool _disposed;

    /// <param name="options">How often and how soon.</param>
    /// <param name="time">The clock.</param>
    /// <param name="retry">Told, on a timer thread, that a version is to be tried again.</param>
    public LoadRetries(LoadingOptions options, TimeProvider time, Action<ModelState, long> retry)
    {
        _options = options;
        _time = time;
        _retry = retry;
        _timer = time.CreateTimer(static state => ((LoadRetries)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a failure may pass of itself: a damaged or unsupported model stays so until it changes.</summary>
    public static bool MayPass(Exception fault) => fault switch
    {
        // That a file may be read, or that the disk gives it again, is no change that a source would tell of. A file that is gone, or ends too early, is mended by a change.
        SlipwayException { InnerException: UnauthorizedAccessException } => true,
        SlipwayException { InnerException: IOException cause } when cause.GetType() == typeof(IOException) => true,
        SlipwayException expected => expected.Code is ErrorCode.Internal or ErrorCode.Overloaded or ErrorCode.ModelNotReady,
        OutOfMemoryException or IOException or UnauthorizedAccessException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Plans another try after the given number of failed ones; the pause, or null when there have been enough.</summary>
    public TimeSpan? Plan(ModelState model, long version, int attempts)
    {
        if (attempts >= _options.LoadAttempts)
        {
            return null;
        }

        double factor = Math.Pow(2, Math.Min(attempts - 1, 16));
        TimeSpan delay = TimeSpan.FromTicks((long)Math.Min(_options.RetryDelay.Ticks * factor, LongestDelay.Ticks));
        lock (_gate)
        {
            _due.Enqueue((model, version), _time.GetUtcNow() + delay);
            Arm();
        }

        return delay;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        List<(ModelState Model, long Version)> now = [];
        lock (_gate)
        {
            while (_due.TryPeek(out _, out DateTimeOffset due) && due <= _time.GetUtcNow())
            {
                now.Add(_due.Dequeue());
            }

            Arm();
        }

        foreach ((ModelState model, long version) in now)
        {
            _retry(model, version);
        }
    }

    private void Arm()
    {
        if (!_disposed && _due.TryPeek(out _, out DateTimeOffset due))
        {
            TimeSpan wait = due - _time.GetUtcNow();
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
