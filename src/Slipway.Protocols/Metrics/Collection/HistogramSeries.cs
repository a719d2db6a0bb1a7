using System.Diagnostics;
using Slipway.Core;
using Slipway.Protocols.Metrics.Exposition;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>One series of a histogram: counts per bucket, a sum, and the last sampled trace per bucket. Thread-safe, lock-free.</summary>
/// <param name="bounds">Upper bounds, inclusive, ascending.</param>
/// <param name="exemplarTime">Clock of exemplars; null when none are taken.</param>
internal sealed class HistogramSeries(double[] bounds, TimeProvider? exemplarTime) : IMetricSeries
{
    private readonly Stripes _stripes = new(bounds.Length + 2);
    private Exemplar?[]? _exemplars;

    /// <summary>Counts an observation.</summary>
    public void Record(double value)
    {
        // Not a number would stick to the sum for good.
        if (!double.IsFinite(value))
        {
            return;
        }

        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        int here = _stripes.Here();
        _stripes.Add(here, bucket, 1L);
        _stripes.Add(here, bounds.Length + 1, value);
        if (exemplarTime is not null && Activity.Current is { Recorded: true } activity)
        {
            Keep(bucket, new Exemplar(activity.TraceId, activity.SpanId, value, exemplarTime.GetUtcNow()));
        }
    }

    /// <inheritdoc/>
    public void Record(long value) => Record((double)value);

    /// <summary>The series as it is now. Taken while others record, the sum may lack an observation that the counts have, or the other way round.</summary>
    public HistogramSnapshot Snapshot()
    {
        long[] counts = new long[bounds.Length + 1];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = _stripes.ReadInteger(i);
        }

        Exemplar?[]? exemplars = Volatile.Read(ref _exemplars);
        return new HistogramSnapshot(bounds, counts, _stripes.ReadDouble(bounds.Length + 1), exemplars is null ? [] : [.. exemplars]);
    }

    private void Keep(int bucket, Exemplar exemplar)
    {
        Exemplar?[]? exemplars = Volatile.Read(ref _exemplars);
        if (exemplars is null)
        {
            Interlocked.CompareExchange(ref _exemplars, new Exemplar?[bounds.Length + 1], null);
            exemplars = _exemplars;
        }

        Volatile.Write(ref exemplars![bucket], exemplar);
    }
}
