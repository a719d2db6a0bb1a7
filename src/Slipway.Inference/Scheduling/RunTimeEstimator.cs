using System.Numerics;

namespace Slipway.Inference.Scheduling;

/// <summary>
/// How long a run is expected to take, by the size of its inputs: one moving average for each power of two of bytes. Written without locks: a lost update
/// makes an average a little older, no more.
/// </summary>
internal sealed class RunTimeEstimator
{
    // A new value counts an eighth: some ten runs forget an outlier.
    private const int Weight = 8;

    // A run that the system paused in the middle looks a thousand times as long: it counts as this many times the average at most.
    private const int MostTimes = 4;

    private const int Buckets = 32;

    private readonly long[] _ticks = new long[Buckets];

    /// <summary>Learns from a run that took <paramref name="ticks"/>.</summary>
    public void Add(long bytes, long ticks)
    {
        ref long average = ref _ticks[Bucket(bytes)];
        long known = Volatile.Read(ref average);
        if (known == 0)
        {
            Volatile.Write(ref average, Math.Max(1, ticks));
            return;
        }

        long change = Math.Min(ticks, known * MostTimes) - known;

        // Rounded away from zero, or a short average could neither grow nor shrink.
        Volatile.Write(ref average, Math.Max(1, known + (change / Weight) + Math.Sign(change)));
    }

    /// <summary>
    /// Expected ticks of a run over inputs of <paramref name="bytes"/> bytes. From a smaller known size it is scaled up in proportion, from a larger one taken
    /// as it is: rather too long than too short. <see cref="long.MaxValue"/> when nothing is known.
    /// </summary>
    public long Estimate(long bytes)
    {
        int bucket = Bucket(bytes);
        long known = Volatile.Read(ref _ticks[bucket]);
        return known != 0 ? known : EstimateFromOthers(bucket);
    }

    private long EstimateFromOthers(int bucket)
    {
        for (int smaller = bucket - 1; smaller >= 0; smaller--)
        {
            if (Volatile.Read(ref _ticks[smaller]) is > 0 and var ticks)
            {
                return BigScale(ticks, bucket - smaller);
            }
        }

        for (int larger = bucket + 1; larger < Buckets; larger++)
        {
            if (Volatile.Read(ref _ticks[larger]) is > 0 and var ticks)
            {
                return ticks;
            }
        }

        return long.MaxValue;
    }

    private static long BigScale(long ticks, int doublings) =>
        BitOperations.LeadingZeroCount((ulong)ticks) <= doublings + 1 ? long.MaxValue : ticks << doublings;

    private static int Bucket(long bytes) => Math.Min(BitOperations.Log2((ulong)bytes | 1), Buckets - 1);
}
