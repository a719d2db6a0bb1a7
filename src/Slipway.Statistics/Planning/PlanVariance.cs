namespace Slipway.Statistics.Planning;

/// <summary>
/// Variance of the difference between one treatment and the control when all arms together have one unit: divided by a total it is that of the estimate.
/// </summary>
/// <param name="None">When there is no difference.</param>
/// <param name="Effect">When there is the effect.</param>
internal readonly record struct PlanVariance(double None, double Effect)
{
    /// <summary>Of the treatment with the smallest share, which needs the most.</summary>
    public static PlanVariance Of(PlanRequest request)
    {
        double sum = request.Shares.Sum();
        double control = request.Shares[0] / sum;
        double treatment = request.Shares.Skip(1).Min() / sum;
        double left = 1 - (request.Correlation * request.Correlation);
        double both = (1 / control) + (1 / treatment);
        switch (request.Metric)
        {
            case PlannedMetric.Proportion:
                double rate = request.Baseline;
                double other = request.IsNonInferiority ? rate : rate + request.Effect;

                // Pooled without a difference, each its own with one (Fleiss, Levin and Paik 2003, section 4.2).
                double pooled = ((rate * control) + (other * treatment)) / (control + treatment);
                return new PlanVariance(left * Spread(pooled) * both, left * ((Spread(rate) / control) + (Spread(other) / treatment)));
            case PlannedMetric.Mean:
                double mean = left * request.Deviation!.Value * request.Deviation.Value * both;
                return new PlanVariance(mean, mean);
            default:
                // A sample quantile's variance is q(1-q)/(n·f²) (Cramér 1946, section 28.5).
                double density = request.Density ?? (Normal.Density(Normal.Quantile(request.Quantile)) / request.Deviation!.Value);
                double quantile = left * Spread(request.Quantile) / (density * density) * both;
                return new PlanVariance(quantile, quantile);
        }

        static double Spread(double share) => share * (1 - share);
    }
}
