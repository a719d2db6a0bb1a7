namespace Slipway.Statistics;

/// <summary>Count, mean and sum of squared deviations (Welford 1962); two of them merge exactly (Chan, Golub and LeVeque 1983).</summary>
/// <param name="Count">Values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="SquaredDeviations">Sum of squared deviations from it.</param>
public readonly record struct Moments(long Count, double Mean, double SquaredDeviations)
{
    /// <summary>Variance with n − 1; 0 for less than two values.</summary>
    public double Variance => Count > 1 ? SquaredDeviations / (Count - 1) : 0;

    /// <summary>With one more value.</summary>
    public Moments Add(double value)
    {
        double delta = value - Mean;
        double mean = Mean + (delta / (Count + 1));
        return new Moments(Count + 1, mean, SquaredDeviations + (delta * (value - mean)));
    }

    /// <summary>Both together.</summary>
    public Moments Plus(Moments other)
    {
        if (Count == 0 || other.Count == 0)
        {
            return Count == 0 ? other : this;
        }

        double total = Count + other.Count;
        double delta = other.Mean - Mean;
        return new Moments(Count + other.Count, Mean + (delta * other.Count / total), SquaredDeviations + other.SquaredDeviations + (delta * delta * Count * other.Count / total));
    }
}
