namespace Slipway.Statistics;

/// <summary>
/// Evidence about the rate of an event that happens or not, valid at every look: likelihood ratios mixed over a uniform law of alternatives (Robbins 1970;
/// Howard, Ramdas, McAuliffe and Sekhon 2021). Under the hypothesis the evidence is a supermartingale that begins at 1, so the chance that it ever reaches 1/α is at most α
/// (Ville). It depends on the counts only, and evidence of independent stretches multiplies. All values are natural logarithms.
/// </summary>
public static class BernoulliMixture
{
    /// <summary>Evidence that the rate is above <paramref name="rate"/>. Also valid when the rate changes while it stays at or below.</summary>
    /// <param name="events">Times it happened.</param>
    /// <param name="trials">Times it might have.</param>
    /// <param name="rate">The hypothesis: at most this, in (0, 1).</param>
    public static double LogAbove(long events, long trials, double rate)
    {
        double a = 1.0 + events;
        double b = 1.0 + trials - events;
        return BetaFunction.Log(a, b) + Math.Log(BetaFunction.Upper(rate, a, b)) - double.LogP1(-rate) - LogLikelihood(events, trials, rate);
    }

    /// <summary>Evidence that the rate is below <paramref name="rate"/>. Also valid when the rate changes while it stays at or above.</summary>
    public static double LogBelow(long events, long trials, double rate) => LogAbove(trials - events, trials, 1 - rate);

    /// <summary>Evidence that the rate is not <paramref name="rate"/>.</summary>
    public static double LogDiffers(long events, long trials, double rate) =>
        BetaFunction.Log(1.0 + events, 1.0 + trials - events) - LogLikelihood(events, trials, rate);

    /// <summary>Rates that the counts leave possible: a confidence sequence, right at all times together with probability 1 − α at least.</summary>
    public static Interval Bounds(long events, long trials, double alpha)
    {
        if (trials == 0)
        {
            return new Interval(0, 1);
        }

        double threshold = -Math.Log(alpha);
        double center = (double)events / trials;
        double low = events == 0 ? 0 : Search(0, center, rate => LogDiffers(events, trials, rate) >= threshold);
        double high = events == trials ? 1 : Search(1, center, rate => LogDiffers(events, trials, rate) >= threshold);
        return new Interval(low, high);
    }

    /// <summary>The rate is below this, at all times together with probability 1 − α at least.</summary>
    public static double UpperBound(long events, long trials, double alpha) => events == trials ? 1 : Search(
        1, (double)events / trials, rate => rate >= 1 || LogBelow(events, trials, rate) >= -Math.Log(alpha));

    /// <summary>The rate is above this, at all times together with probability 1 − α at least.</summary>
    public static double LowerBound(long events, long trials, double alpha) => 1 - UpperBound(trials - events, trials, alpha);

    private static double LogLikelihood(long events, long trials, double rate) =>
        (events == 0 ? 0 : events * Math.Log(rate)) + (events == trials ? 0 : (trials - events) * double.LogP1(-rate));

    /// <summary>The refused rate nearest to <paramref name="inside"/>, which is not refused; refusal is monotone between them.</summary>
    private static double Search(double outside, double inside, Func<double, bool> isRefused)
    {
        // Thirty halvings: a billionth of the range, on the safe side.
        for (int i = 0; i < 30; i++)
        {
            double middle = (outside + inside) / 2;
            if (isRefused(middle))
            {
                outside = middle;
            }
            else
            {
                inside = middle;
            }
        }

        return outside;
    }
}
