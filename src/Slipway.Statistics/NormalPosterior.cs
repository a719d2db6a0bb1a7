namespace Slipway.Statistics;

/// <summary>A difference as a Bayesian sees it with a flat law beforehand: normal about the estimate. For one look; peeking is not accounted for.</summary>
public static class NormalPosterior
{
    /// <summary>P(difference &gt; 0).</summary>
    public static double ProbabilityPositive(Contrast contrast) => contrast.Variance > 0 ? Normal.Cdf(contrast.Z) : contrast.Value > 0 ? 1 : contrast.Value < 0 ? 0 : 0.5;

    /// <summary>What relying on a positive difference is expected to lose where it is negative: E[max(−difference, 0)].</summary>
    public static double ExpectedLoss(Contrast contrast)
    {
        double deviation = Math.Sqrt(contrast.Variance);
        return deviation > 0 ? deviation * (Normal.Density(contrast.Z) - (contrast.Z * Normal.Cdf(-contrast.Z))) : Math.Max(0, -contrast.Value);
    }
}
