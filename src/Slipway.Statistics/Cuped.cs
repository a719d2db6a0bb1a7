namespace Slipway.Statistics;

/// <summary>
/// Takes out of a metric what a value known before the experiment explains (CUPED: Deng, Xu, Kohavi and Walker 2013). The variance shrinks by the squared correlation;
/// the mean difference between arms stays what it is. Mergeable.
/// </summary>
/// <param name="Before">Moments of the value known before.</param>
/// <param name="Metric">Moments of the metric.</param>
/// <param name="Products">Sum of products of both deviations.</param>
public readonly record struct Cuped(Moments Before, Moments Metric, double Products)
{
    /// <summary>The factor that the value known before is taken with.</summary>
    public double Theta => Before.SquaredDeviations > 0 ? Products / Before.SquaredDeviations : 0;

    /// <summary>Share of the variance that is left: 1 − ρ².</summary>
    public double VarianceLeft => Before.SquaredDeviations > 0 && Metric.SquaredDeviations > 0
        ? 1 - (Products * Products / (Before.SquaredDeviations * Metric.SquaredDeviations))
        : 1;

    /// <summary>With one more unit.</summary>
    public Cuped Add(double before, double metric)
    {
        double deviation = before - Before.Mean;
        Moments grown = Metric.Add(metric);
        return new Cuped(Before.Add(before), grown, Products + (deviation * (metric - grown.Mean)));
    }

    /// <summary>Both together.</summary>
    public Cuped Plus(Cuped other)
    {
        double total = (double)Before.Count + other.Before.Count;
        double cross = total == 0 ? 0 : (other.Before.Mean - Before.Mean) * (other.Metric.Mean - Metric.Mean) * Before.Count * other.Before.Count / total;
        return new Cuped(Before.Plus(other.Before), Metric.Plus(other.Metric), Products + other.Products + cross);
    }

    /// <summary>One arm's adjusted moments.</summary>
    /// <param name="theta">The factor, estimated over all arms together.</param>
    /// <param name="commonMean">Mean of the value known before, over all arms together.</param>
    public Moments Adjusted(double theta, double commonMean) => new(
        Metric.Count,
        Metric.Mean - (theta * (Before.Mean - commonMean)),
        Math.Max(0, Metric.SquaredDeviations - (2 * theta * Products) + (theta * theta * Before.SquaredDeviations)));
}
