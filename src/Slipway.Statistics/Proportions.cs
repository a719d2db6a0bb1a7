namespace Slipway.Statistics;

/// <summary>Two rates with sample sizes fixed beforehand.</summary>
public static class Proportions
{
    /// <summary>Interval for one rate (Wilson 1927).</summary>
    public static Interval Wilson(long events, long trials, double confidence = 0.95)
    {
        double z = Normal.Quantile(0.5 + (confidence / 2));
        double rate = (double)events / trials;
        double scale = 1 + (z * z / trials);
        double center = rate + (z * z / (2.0 * trials));
        double radius = z * Math.Sqrt((rate * (1 - rate) / trials) + (z * z / (4.0 * trials * trials)));
        return new Interval((center - radius) / scale, (center + radius) / scale);
    }

    /// <summary>Interval for the difference of the first rate minus the second (Newcombe 1998, method 10).</summary>
    public static Interval Newcombe(long events1, long trials1, long events2, long trials2, double confidence = 0.95)
    {
        (double rate1, double rate2) = ((double)events1 / trials1, (double)events2 / trials2);
        (Interval first, Interval second) = (Wilson(events1, trials1, confidence), Wilson(events2, trials2, confidence));
        double difference = rate1 - rate2;
        return new Interval(
            difference - Math.Sqrt(Square(rate1 - first.Low) + Square(second.High - rate2)),
            difference + Math.Sqrt(Square(first.High - rate1) + Square(rate2 - second.Low)));

        static double Square(double value) => value * value;
    }

    /// <summary>Exact p-value of paired answers (McNemar): of the pairs where only one side fails, whether it is more often the one than the other. Two-sided.</summary>
    /// <param name="onlyFirst">Pairs where only the first side fails.</param>
    /// <param name="onlySecond">Pairs where only the second side fails.</param>
    public static double McNemar(long onlyFirst, long onlySecond)
    {
        long total = onlyFirst + onlySecond;
        long more = Math.Max(onlyFirst, onlySecond);

        // P(Binomial(total, 1/2) ≥ more) is an incomplete beta.
        return total == 0 ? 1 : Math.Min(1, 2 * BetaFunction.Regularized(0.5, more, total - more + 1));
    }
}
