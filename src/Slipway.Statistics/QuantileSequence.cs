namespace Slipway.Statistics;

/// <summary>Confidence sequences for quantiles: ranks that the value at a quantile may have, whatever the law (Howard and Ramdas 2022, by the mixture for one quantile).</summary>
public static class QuantileSequence
{
    /// <summary>
    /// Ranks, from 1, between which the quantile lies, at all times together with probability 1 − α at least. Low 0 means no lower bound, high n + 1 no upper one.
    /// </summary>
    /// <param name="count">Values seen.</param>
    /// <param name="quantile">In (0, 1).</param>
    /// <param name="alpha">Chance of ever being wrong.</param>
    public static (long Low, long High) Ranks(long count, double quantile, double alpha)
    {
        double threshold = -Math.Log(alpha);

        // The number of values at or below the quantile is a count of events with this rate; ranks whose counts would refute that are out.
        long low = Search(0, (long)Math.Floor(count * quantile), events => BernoulliMixture.LogDiffers(events, count, quantile) >= threshold);
        long high = Search(count, (long)Math.Ceiling(count * quantile), events => BernoulliMixture.LogDiffers(events, count, quantile) >= threshold);
        return (low, high + 1);
    }

    /// <summary>Bounds of a quantile of sorted values.</summary>
    public static Interval Bounds(ReadOnlySpan<double> sorted, double quantile, double alpha)
    {
        (long low, long high) = Ranks(sorted.Length, quantile, alpha);
        return new Interval(
            low < 1 ? double.NegativeInfinity : sorted[(int)low - 1],
            high > sorted.Length ? double.PositiveInfinity : sorted[(int)high - 1]);
    }

    /// <summary>The count farthest towards <paramref name="edge"/> that is not refuted.</summary>
    private static long Search(long edge, long inside, Func<long, bool> isRefuted)
    {
        if (!isRefuted(edge))
        {
            return edge;
        }

        while (Math.Abs(edge - inside) > 1)
        {
            long middle = (edge + inside) / 2;
            if (isRefuted(middle))
            {
                edge = middle;
            }
            else
            {
                inside = middle;
            }
        }

        return inside;
    }
}
