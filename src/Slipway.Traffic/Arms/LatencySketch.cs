namespace Slipway.Traffic.Arms;

/// <summary>
/// Counts durations in buckets of 2 percent width from 1 µs to some 20 minutes (a DDSketch with fixed bounds: Masson, Rim and Lee, VLDB 2019). Adding is one atomic increment.
/// Counts of two sketches add up, exactly. Thread-safe.
/// </summary>
public sealed class LatencySketch
{
    /// <summary>Number of buckets.</summary>
    public const int Buckets = 1060;

    private const double Width = 1.02;

    private static readonly double LogWidth = Math.Log(Width);

    private readonly long[] _counts = new long[Buckets];

    /// <summary>Bucket of a duration: its share above is counted exactly at bucket limits.</summary>
    public static int BucketOf(TimeSpan duration)
    {
        double microseconds = duration.TotalMicroseconds;
        return microseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(Math.Log(microseconds) / LogWidth));
    }

    /// <summary>Longest duration that a bucket counts.</summary>
    public static TimeSpan UpperOf(int bucket) => TimeSpan.FromMicroseconds(Math.Pow(Width, bucket));

    /// <summary>Counts a duration.</summary>
    public void Add(TimeSpan duration) => Interlocked.Increment(ref _counts[BucketOf(duration)]);

    /// <summary>The counts now.</summary>
    public long[] Snapshot()
    {
        long[] copy = new long[Buckets];
        for (int i = 0; i < Buckets; i++)
        {
            copy[i] = Volatile.Read(ref _counts[i]);
        }

        return copy;
    }

    /// <summary>The bucket that a quantile lies in; -1 when nothing was counted.</summary>
    /// <param name="counts">A snapshot, or the difference of two.</param>
    /// <param name="quantile">0 to 1.</param>
    public static int QuantileBucket(ReadOnlySpan<long> counts, double quantile)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        long below = 0;
        for (int i = 0; i < counts.Length && total > 0; i++)
        {
            below += counts[i];
            if (below >= rank)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Durations above a bucket.</summary>
    public static long CountAbove(ReadOnlySpan<long> counts, int bucket)
    {
        long above = 0;
        for (int i = Math.Max(bucket + 1, 0); i < counts.Length; i++)
        {
            above += counts[i];
        }

        return above;
    }
}
