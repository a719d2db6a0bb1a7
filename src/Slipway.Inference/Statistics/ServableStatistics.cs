using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Inference.Statistics;

/// <summary>Counts what one loaded version does, in Triton's terms. Thread-safe; writers on different cores seldom meet.</summary>
internal sealed class ServableStatistics(TimeProvider time)
{
    // Sizes up to this have a counter found by index; larger ones go through a dictionary.
    private const int IndexedSizes = 65;

    private static readonly int StripeMask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 16)) - 1;

    private readonly double _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
    private readonly StatisticsStripe[] _stripes = new StatisticsStripe[StripeMask + 1];
    private readonly BatchCounter?[] _sizes = new BatchCounter?[IndexedSizes];
    private readonly ConcurrentDictionary<int, BatchCounter> _largeSizes = new(concurrencyLevel: 1, capacity: 7);
    private long _lastInference = -1;

    /// <summary>A request was answered by running the model.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="end">Timestamp of the answer.</param>
    /// <param name="total">Its whole duration in ticks.</param>
    /// <param name="queue">How long it waited, in ticks.</param>
    /// <param name="times">The run it was part of; a batch counts whole for each of its requests, as Triton does.</param>
    public void Succeeded(int rows, long end, long total, long queue, in RunTimes times)
    {
        ref StatisticsStripe stripe = ref Stripe();
        Interlocked.Increment(ref stripe.SuccessCount);
        Interlocked.Add(ref stripe.SuccessTicks, total);
        Interlocked.Add(ref stripe.ComputeTicks, times.Compute);
        Interlocked.Add(ref stripe.Rows, rows);
        if (queue + times.Input + times.Output != 0)
        {
            Interlocked.Add(ref stripe.QueueTicks, queue);
            Interlocked.Add(ref stripe.InputTicks, times.Input);
            Interlocked.Add(ref stripe.OutputTicks, times.Output);
        }

        Volatile.Write(ref _lastInference, end);
    }

    /// <summary>A request failed after <paramref name="total"/> ticks.</summary>
    public void Failed(long total)
    {
        ref StatisticsStripe stripe = ref Stripe();
        Interlocked.Increment(ref stripe.FailCount);
        Interlocked.Add(ref stripe.FailTicks, total);
    }

    /// <summary>The model was run once over <paramref name="rows"/> rows.</summary>
    public void Ran(int rows, in RunTimes times) => Counter(rows).Add(times);

    /// <summary>A request was answered from the response cache, after <paramref name="total"/> ticks.</summary>
    public void CacheHit(long end, long total)
    {
        ref StatisticsStripe stripe = ref Stripe();
        Interlocked.Increment(ref stripe.SuccessCount);
        Interlocked.Add(ref stripe.SuccessTicks, total);
        Interlocked.Increment(ref stripe.CacheHitCount);
        Interlocked.Add(ref stripe.CacheHitTicks, total);
        Volatile.Write(ref _lastInference, end);
    }

    /// <summary>The response cache was asked in vain, which took <paramref name="lookup"/> ticks.</summary>
    public void CacheMiss(long lookup)
    {
        ref StatisticsStripe stripe = ref Stripe();
        Interlocked.Increment(ref stripe.CacheMissCount);
        Interlocked.Add(ref stripe.CacheMissTicks, lookup);
    }

    /// <summary>The counts now. Counters are read one after the other: a request in between may show in some of them.</summary>
    public VersionStatistics Read(string model, long version, long memoryBytes, long pending)
    {
        StatisticsStripe sum = Sum();
        List<BatchStatistics> batches = ReadBatches();
        long ran = sum.SuccessCount - sum.CacheHitCount;
        long last = Volatile.Read(ref _lastInference);
        return new VersionStatistics(model, version)
        {
            LastInference = last < 0 ? null : time.GetUtcNow() - time.GetElapsedTime(last),
            InferenceCount = sum.Rows,
            ExecutionCount = batches.Sum(static batch => batch.Compute.Count),
            Success = Duration(sum.SuccessCount, sum.SuccessTicks),
            Fail = Duration(sum.FailCount, sum.FailTicks),
            Queue = Duration(sum.SuccessCount, sum.QueueTicks),
            ComputeInput = Duration(ran, sum.InputTicks),
            Compute = Duration(ran, sum.ComputeTicks),
            ComputeOutput = Duration(ran, sum.OutputTicks),
            CacheHit = Duration(sum.CacheHitCount, sum.CacheHitTicks),
            CacheMiss = Duration(sum.CacheMissCount, sum.CacheMissTicks),
            Batches = batches,
            MemoryBytes = memoryBytes,
            Pending = pending,
        };
    }

    private StatisticsStripe Sum()
    {
        StatisticsStripe sum = default;
        foreach (ref StatisticsStripe stripe in _stripes.AsSpan())
        {
            sum.SuccessCount += Volatile.Read(ref stripe.SuccessCount);
            sum.SuccessTicks += Volatile.Read(ref stripe.SuccessTicks);
            sum.QueueTicks += Volatile.Read(ref stripe.QueueTicks);
            sum.InputTicks += Volatile.Read(ref stripe.InputTicks);
            sum.ComputeTicks += Volatile.Read(ref stripe.ComputeTicks);
            sum.OutputTicks += Volatile.Read(ref stripe.OutputTicks);
            sum.Rows += Volatile.Read(ref stripe.Rows);
            sum.FailCount += Volatile.Read(ref stripe.FailCount);
            sum.FailTicks += Volatile.Read(ref stripe.FailTicks);
            sum.CacheHitCount += Volatile.Read(ref stripe.CacheHitCount);
            sum.CacheHitTicks += Volatile.Read(ref stripe.CacheHitTicks);
            sum.CacheMissCount += Volatile.Read(ref stripe.CacheMissCount);
            sum.CacheMissTicks += Volatile.Read(ref stripe.CacheMissTicks);
        }

        return sum;
    }

    private List<BatchStatistics> ReadBatches()
    {
        List<BatchStatistics> batches = [];
        for (int size = 0; size < IndexedSizes; size++)
        {
            if (Volatile.Read(ref _sizes[size]) is { } counter)
            {
                batches.Add(Read(size, counter));
            }
        }

        batches.AddRange(_largeSizes.OrderBy(static pair => pair.Key).Select(pair => Read(pair.Key, pair.Value)));
        return batches;
    }

    private BatchStatistics Read(int size, BatchCounter counter)
    {
        long count = Volatile.Read(ref counter.Count);
        return new BatchStatistics(
            size,
            Duration(count, Volatile.Read(ref counter.InputTicks)),
            Duration(count, Volatile.Read(ref counter.ComputeTicks)),
            Duration(count, Volatile.Read(ref counter.OutputTicks)));
    }

    private BatchCounter Counter(int rows)
    {
        if ((uint)rows >= IndexedSizes)
        {
            // Sizes that callers choose are not bounded: from 64 on they are counted at the next power of two.
            int bucket = (int)Math.Min(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows), int.MaxValue);
            return _largeSizes.GetOrAdd(bucket, static _ => new BatchCounter());
        }

        return Volatile.Read(ref _sizes[rows]) ?? Create(rows);
    }

    private BatchCounter Create(int rows)
    {
        BatchCounter created = new();
        return Interlocked.CompareExchange(ref _sizes[rows], created, null) ?? created;
    }

    private ref StatisticsStripe Stripe() => ref _stripes[Thread.GetCurrentProcessorId() & StripeMask];

    private DurationCount Duration(long count, long ticks) => new(count, (long)(ticks * _nanosecondsPerTick));
}
