namespace Slipway.Statistics;

/// <summary>
/// Watches whether traffic is divided as planned (sample-ratio mismatch), at every look: a Bayes factor of a Dirichlet law against the planned shares
/// (Lindon and Malek 2022). A mismatch means that something is wrong with the experiment itself, and nothing it says may be believed.
/// </summary>
public static class ShareGuard
{
    /// <summary>The p-value below which a mismatch is taken for granted (Fabijan et al. 2019).</summary>
    public const double Alarm = 0.001;

    /// <summary>Natural logarithm of the evidence against the planned shares; its inverse is a p-value that is valid at every look.</summary>
    /// <param name="counts">Requests of each arm.</param>
    /// <param name="shares">Planned shares, above 0, together 1.</param>
    public static double LogEvidence(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares)
    {
        // Dirichlet(k·share): centred on the plan, as strong as one observation for each arm.
        double total = 0;
        double concentration = counts.Length;
        double log = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double prior = concentration * shares[i];
            total += counts[i];
            log += BetaFunction.LogGamma(prior + counts[i]) - BetaFunction.LogGamma(prior) - (counts[i] * Math.Log(shares[i]));
        }

        return log + BetaFunction.LogGamma(concentration) - BetaFunction.LogGamma(concentration + total);
    }

    /// <summary>The p-value now. To act on it at any time, keep the smallest seen.</summary>
    public static double PValue(ReadOnlySpan<long> counts, ReadOnlySpan<double> shares) => Math.Min(1, Math.Exp(-LogEvidence(counts, shares)));
}
