namespace Slipway.Statistics;

/// <summary>
/// Evidence about the rate of an event that happens or not, valid at every look: likelihood ratios mixed over a uniform law of alternatives (Robbins 1970;
/// Howard, Ramdas, McAuliffe and Sekhon 2021). Under the hypothesis the evidence is a supermartingale that begins at 1, so the chance that it ever reaches 1/α is at most α
/// (Ville). It depends on the counts only, and evidence of independent stretches multiplies. All values are natural logarithms. Values in [0, 1] may stand for events: their sum is then the
/// number of events, and everything holds for their mean, because the chord of an exponential lies above it (Hoeffding 1963); it takes them to vary as much as they can.
/// </summary>
public static class BernoulliMixture
{
    /// <summary>Evidence that the rate is above <paramref name="rate"/>. Also valid when the rate changes while it stays at or below.</summary>
    /// <param name="events">Times it happened, or the sum of values in [0, 1].</param>
    /// <param name="trials">Times it might have.</param>
    /// <param name="rate">The hypothesis: at most this, in (0, 1).</param>
    public static double LogAbove(double events, double trials, double rate)
    {
        double a = 1.0 + events;
        double b = 1.0 + trials - events;
        return BetaFunction.Log(a, b) + Math.Log(BetaFunction.Upper(rate, a, b)) - double.LogP1(-rate) - LogLikelihood(events, trials, rate);
    }

    /// <summary>Evidence that the rate is below <paramref name="rate"/>. Also valid when the rate changes while it stays at or above.</summary>
    public static double LogBelow(double events, double trials, double rate) => LogAbove(trials - events, trials, 1 - rate);

    /// <summary>Evidence that the rate is not <paramref name="rate"/>.</summary>
    public static double LogDiffers(double events, double trials, double rate) =>
        BetaFunction.Log(1.0 + events, 1.0 + trials - events) - LogLikelihood(events, trials, rate);

    /// <summary>Rates that the counts leave possible: a confidence sequence, right at all times together with probability 1 − α at least.</summary>
    public static Interval Bounds(double events, double trials, double alpha)
    {
        if (trials == 0)
        {
            return new Interval(0, 1);
        }

        double center = (double)events / trials;
        double low = events == 0 ? 0 : Search(0, center, alpha, rate => LogDiffers(events, trials, rate));
        double high = events == trials ? 1 : Search(1, center, alpha, rate => LogDiffers(events, trials, rate));
        return new Interval(low, high);
    }

    /// <summary>The rate is below this, at all times together with probability 1 − α at least.</summary>
    public static double UpperBound(double events, double trials, double alpha)
    {
        if (events == trials)
        {
            return 1;
        }

        // Beyond its least value this is the evidence of LogBelow, but for the logarithm of an incomplete beta, which is near 0 and grows: allowing for what it is at a
        // rate too small by that much gives a rate that is refused, and one evaluation of it is enough.
        double most = BetaFunction.Log(1.0 + events, 1.0 + trials - events);
        double least = (1.0 + events) / (1.0 + trials);
        double nearly = Search(1, least, alpha, Evidence);
        double missing = BetaFunction.Regularized(nearly, 1.0 + events, 1.0 + trials - events);
        return missing <= 0 ? 1 : Search(1, least, alpha * missing, Evidence);

        double Evidence(double rate) => most - Math.Log(rate) - LogLikelihood(events, trials, rate);
    }

    /// <summary>The rate is above this, at all times together with probability 1 − α at least.</summary>
    public static double LowerBound(double events, double trials, double alpha) => 1 - UpperBound(trials - events, trials, alpha);

    private static double LogLikelihood(double events, double trials, double rate) =>
        (events == 0 ? 0 : events * Math.Log(rate)) + (events == trials ? 0 : (trials - events) * double.LogP1(-rate));

    /// <summary>The refused rate nearest to <paramref name="inside"/>, which is not refused; evidence against a rate grows between them.</summary>
    private static double Search(double outside, double inside, double alpha, Func<double, double> evidence)
    {
        const double close = 1e-9;
        double threshold = -Math.Log(alpha);

        // 1. Halvings until the evidence outside is of the threshold's own size; inside there is none to begin with.
        double above = double.PositiveInfinity;
        double below = -threshold;
        while (!(above < 4 * threshold) && Math.Abs(outside - inside) > close)
        {
            double middle = (outside + inside) / 2;
            Narrow(middle, evidence(middle) - threshold, ref outside, ref inside, ref above, ref below);
        }

        // 2. Secants between both ends; an end that stays twice has its value halved (Dowell and Jarratt 1971). The result is on the safe side.
        bool wasAbove = false;
        for (int i = 0; i < 60 && Math.Abs(outside - inside) > close; i++)
        {
            double at = outside + (Math.Clamp(above / (above - below), 0.001, 0.999) * (inside - outside));
            double value = evidence(at) - threshold;
            bool isAbove = value >= 0;
            if (i > 0 && isAbove == wasAbove)
            {
                (above, below) = isAbove ? (above, below / 2) : (above / 2, below);
            }

            wasAbove = isAbove;
            Narrow(at, value, ref outside, ref inside, ref above, ref below);
        }

        return outside;

        static void Narrow(double at, double value, ref double outside, ref double inside, ref double above, ref double below)
        {
            if (value >= 0)
            {
                (outside, above) = (at, value);
            }
            else
            {
                (inside, below) = (at, value);
            }
        }
    }
}
