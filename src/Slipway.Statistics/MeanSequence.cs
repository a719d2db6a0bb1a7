namespace Slipway.Statistics;

/// <summary>Confidence sequences for means of values without known bounds.</summary>
public static class MeanSequence
{
    /// <summary>
    /// Asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, theorem 2.2): like a confidence interval it leans on the central limit theorem, but holds
    /// at all times from some burn-in on. Use from a hundred values on.
    /// </summary>
    /// <param name="moments">What was seen.</param>
    /// <param name="alpha">Chance of ever being wrong.</param>
    /// <param name="tightestAt">Number of values at which it is narrowest.</param>
    public static Interval Asymptotic(Moments moments, double alpha, double tightestAt = 1000)
    {
        if (moments.Count < 2)
        {
            return new Interval(double.NegativeInfinity, double.PositiveInfinity);
        }

        double radius = Math.Sqrt(moments.Variance) * Radius(moments.Count, alpha, tightestAt);
        return new Interval(moments.Mean - radius, moments.Mean + radius);
    }

    /// <summary>The same for the difference of two means, treatment minus control.</summary>
    public static Interval AsymptoticDifference(Moments control, Moments treatment, double alpha, double tightestAt = 1000) =>
        Asymptotic(Contrast.Of(control, treatment), alpha, tightestAt);

    /// <summary>The same for any estimated difference: as one stream of observations with the variance that the estimate has.</summary>
    public static Interval Asymptotic(Contrast contrast, double alpha, double tightestAt = 1000)
    {
        if (contrast.Count < 2)
        {
            return new Interval(double.NegativeInfinity, double.PositiveInfinity);
        }

        double radius = Math.Sqrt(contrast.Variance) * Boundary(contrast.Count, alpha, tightestAt);
        return new Interval(contrast.Value - radius, contrast.Value + radius);
    }

    /// <summary>
    /// Natural logarithm of the evidence against "no difference": an e-value at every time, asymptotically. It reaches −ln α just where <see cref="Asymptotic(Contrast, double, double)"/>
    /// with the same arguments leaves 0.
    /// </summary>
    public static double LogEvidence(Contrast contrast, double alpha, double tightestAt = 1000)
    {
        double grown = (contrast.Count * Rho2(alpha, tightestAt)) + 1;
        return (contrast.Z * contrast.Z / 2 * (1 - (1 / grown))) - (Math.Log(grown) / 2);
    }

    /// <summary>The boundary of |Z|, mean over its standard error, that <see cref="Asymptotic(Moments, double, double)"/> compares with after some values.</summary>
    /// <param name="count">Number of values, above 0.</param>
    /// <param name="alpha">Chance of ever being wrong.</param>
    /// <param name="tightestAt">Number of values at which it is narrowest.</param>
    public static double Boundary(double count, double alpha, double tightestAt) => Radius(count, alpha, tightestAt) * Math.Sqrt(count);

    /// <summary>Radius for unit variance after <paramref name="count"/> values.</summary>
    private static double Radius(double count, double alpha, double tightestAt)
    {
        double rho2 = Rho2(alpha, tightestAt);
        double grown = (count * rho2) + 1;
        return Math.Sqrt(2 * grown / (count * count * rho2) * Math.Log(Math.Sqrt(grown) / alpha));
    }

    private static double Rho2(double alpha, double tightestAt) => ((-2 * Math.Log(alpha)) + Math.Log((-2 * Math.Log(alpha)) + 1)) / tightestAt;
}
