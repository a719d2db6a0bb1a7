namespace Slipway.Statistics;

/// <summary>The standard normal law.</summary>
public static class Normal
{
    private const double LogRootTwoPi = 0.91893853320467274178;

    // Coefficients from the highest power down: Hart 1968, table 5666, and Acklam 2003.
    private static ReadOnlySpan<double> HartAbove =>
        [3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376];

    private static ReadOnlySpan<double> HartBelow =>
        [8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752];

    private static ReadOnlySpan<double> TailAbove =>
        [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];

    private static ReadOnlySpan<double> TailBelow => [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1];

    private static ReadOnlySpan<double> MiddleAbove =>
        [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239];

    private static ReadOnlySpan<double> MiddleBelow =>
        [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01, 1];

    /// <summary>Density.</summary>
    public static double Density(double x) => Math.Exp((-0.5 * x * x) - LogRootTwoPi);

    /// <summary>P(Z ≤ x), to 1e-14 (Hart 1968 in the form of West 2005).</summary>
    public static double Cdf(double x)
    {
        double z = Math.Abs(x);
        if (z > 37)
        {
            return x > 0 ? 1 : 0;
        }

        double tail = Math.Exp(-z * z / 2);
        if (z < 7.07106781186547)
        {
            tail *= Polynomial(HartAbove, z) / Polynomial(HartBelow, z);
        }
        else
        {
            // Laplace's continued fraction.
            double fraction = z;
            for (int i = 40; i >= 1; i--)
            {
                fraction = z + (i / fraction);
            }

            tail *= Math.Exp(-LogRootTwoPi) / fraction;
        }

        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>The x with P(Z ≤ x) = <paramref name="p"/>, to 1e-12 for 0 &lt; p &lt; 1 (Acklam's approximation with one step of Halley).</summary>
    public static double Quantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        const double low = 0.02425;
        double x;
        if (p < low || p > 1 - low)
        {
            double q = Math.Sqrt(-2 * Math.Log(Math.Min(p, 1 - p)));
            x = Polynomial(TailAbove, q) / Polynomial(TailBelow, q) * (p < low ? 1 : -1);
        }
        else
        {
            double q = p - 0.5;
            x = q * Polynomial(MiddleAbove, q * q) / Polynomial(MiddleBelow, q * q);
        }

        double error = (Cdf(x) - p) / Density(x);
        return x - (error / (1 + (x * error / 2)));
    }

    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        double value = 0;
        foreach (double coefficient in coefficients)
        {
            value = (value * x) + coefficient;
        }

        return value;
    }
}
