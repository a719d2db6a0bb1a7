using Slipway.Core;

namespace Slipway.Pipelines.Serving;

/// <summary>What one pipeline has done. Thread-safe.</summary>
internal sealed class PipelineCounts
{
    private long _rows;
    private long _successes;
    private long _successTicks;
    private long _failures;
    private long _failureTicks;
    private long _last;
    private int _inFlight;

    /// <summary>Counts a request in, unless so many are there already.</summary>
    public bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _inFlight) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    /// <summary>Counts a request out.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A request was answered.</summary>
    public void Succeeded(long rows, TimeSpan duration, DateTimeOffset now)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _successes);
        Interlocked.Add(ref _successTicks, duration.Ticks);
        Interlocked.Exchange(ref _last, now.UtcTicks);
    }

    /// <summary>A request failed.</summary>
    public void Failed(TimeSpan duration)
    {
        Interlocked.Increment(ref _failures);
        Interlocked.Add(ref _failureTicks, duration.Ticks);
    }

    /// <summary>The counts as those of a model.</summary>
    public VersionStatistics Read(string pipeline, long version)
    {
        long last = Volatile.Read(ref _last);
        DurationCount success = Of(ref _successes, ref _successTicks);
        return new VersionStatistics(pipeline, version)
        {
            InferenceCount = Volatile.Read(ref _rows),
            ExecutionCount = success.Count,
            Success = success,
            Compute = success,
            Fail = Of(ref _failures, ref _failureTicks),
            LastInference = last == 0 ? null : new DateTimeOffset(last, TimeSpan.Zero),
            Pending = Volatile.Read(ref _inFlight),
        };
    }

    private static DurationCount Of(ref long count, ref long ticks) => new(Volatile.Read(ref count), Volatile.Read(ref ticks) * TimeSpan.NanosecondsPerTick);
}
