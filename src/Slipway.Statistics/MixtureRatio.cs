namespace Slipway.Statistics;

/// <summary>
/// Mixture sequential probability ratio test for the difference of two normal means with known variance (Robbins 1970; Johari, Koomen, Pekelis and Walsh, KDD 2017).
/// Its always-valid p-value may be looked at, and acted upon, after every pair. Not thread-safe.
/// </summary>
/// <param name="variance">Variance of one observation, above 0.</param>
/// <param name="tau2">Variance of the effects that are mixed over: about the square of the effect one expects.</param>
public sealed class MixtureRatio(double variance, double tau2)
{
    private double _difference;

    /// <summary>Pairs seen.</summary>
    public long Pairs { get; private set; }

    /// <summary>Smallest p-value so far: it never rises.</summary>
    public double PValue { get; private set; } = 1;

    /// <summary>Mean difference so far.</summary>
    public double MeanDifference => Pairs == 0 ? 0 : _difference / Pairs;

    /// <summary>Natural logarithm of the likelihood ratio after some pairs.</summary>
    public static double LogRatio(long pairs, double meanDifference, double variance, double tau2)
    {
        double both = 2 * variance;
        double spread = both + (pairs * tau2);
        return (0.5 * Math.Log(both / spread)) + ((double)pairs * pairs * tau2 * meanDifference * meanDifference / (2 * both * spread));
    }

    /// <summary>Takes one observation of each side.</summary>
    public void Add(double control, double treatment)
    {
        Pairs++;
        _difference += treatment - control;
        PValue = Math.Min(PValue, Math.Exp(-LogRatio(Pairs, MeanDifference, variance, tau2)));
    }

    /// <summary>Differences that are left possible now: right at all times together with probability 1 − α at least.</summary>
    public Interval Bounds(double alpha)
    {
        if (Pairs == 0)
        {
            return new Interval(double.NegativeInfinity, double.PositiveInfinity);
        }

        double both = 2 * variance;
        double spread = both + (Pairs * tau2);
        double radius = Math.Sqrt(both * spread / ((double)Pairs * Pairs * tau2) * ((2 * Math.Log(1 / alpha)) + Math.Log(spread / both)));
        return new Interval(MeanDifference - radius, MeanDifference + radius);
    }
}
