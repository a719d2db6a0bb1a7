using System.Numerics;

namespace Slipway.Cli.Benchmarking;

/// <summary>
/// Counts durations in log-linear buckets: each power of two is cut into 128 equal parts, so that a percentile is at most 0.8 % off over the whole range
/// from a nanosecond to 36 hours, in 64 KiB. The idea is HdrHistogram's. Not thread-safe: one per worker, merged at the end.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;
    private const int HighestBit = 47;

    private readonly long[] _counts = new long[(HighestBit - SubBits + 2) * SubBuckets];
    private double _sum;

    /// <summary>Durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Smallest duration recorded; zero when there is none.</summary>
    public TimeSpan Min { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Largest duration recorded.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>Arithmetic mean; zero when nothing was recorded.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : FromNanoseconds(_sum / Count);

    /// <summary>Counts one duration; one below zero counts as zero.</summary>
    public void Record(TimeSpan duration)
    {
        long nanoseconds = Math.Max(0, duration.Ticks * TimeSpan.NanosecondsPerTick);
        _counts[IndexOf(nanoseconds)]++;
        _sum += nanoseconds;
        Count++;
        Min = duration < Min ? duration : Min;
        Max = duration > Max ? duration : Max;
    }

    /// <summary>Adds the counts of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        Min = other.Min < Min ? other.Min : Min;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The duration that <paramref name="percent"/> per cent of those recorded do not exceed.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public TimeSpan Percentile(double percent)
    {
        if (Count == 0)
        {
            return TimeSpan.Zero;
        }

        long rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Count);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                TimeSpan upper = FromNanoseconds(UpperBound(i));
                return upper < Min ? Min : upper > Max ? Max : upper;
            }
        }

        return Max;
    }

    private static int IndexOf(long nanoseconds)
    {
        int bit = nanoseconds == 0 ? 0 : BitOperations.Log2((ulong)nanoseconds);
        if (bit < SubBits)
        {
            return (int)nanoseconds;
        }

        if (bit > HighestBit)
        {
            return ((HighestBit - SubBits + 2) * SubBuckets) - 1;
        }

        // Bits below the leading one choose the part; the first two rows of parts are exact.
        int shift = bit - SubBits;
        return ((shift + 1) * SubBuckets) + (int)((nanoseconds >> shift) - SubBuckets);
    }

    private static double UpperBound(int index)
    {
        if (index < SubBuckets)
        {
            return index;
        }

        int shift = (index / SubBuckets) - 1;
        long part = index % SubBuckets;
        return ((part + SubBuckets + 1) << shift) - 1;
    }

    private static TimeSpan FromNanoseconds(double nanoseconds) => TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick));
}
