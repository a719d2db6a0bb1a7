namespace Slipway.Pmml.Functions;

/// <summary>Functions of analysis that the framework lacks, to about full precision.</summary>
internal static class SpecialFunctions
{
    private const double SqrtPi = 1.772453850905516;

    /// <summary>ln(1 + x), exact near 0 (Kahan's correction of the rounding of 1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        double rounded = 1 + x;
        return rounded == 1 || double.IsInfinity(rounded) ? x : Math.Log(rounded) * (x / (rounded - 1));
    }

    /// <summary>e^x - 1, exact near 0 (Kahan).</summary>
    public static double ExpMinusOne(double x)
    {
        double power = Math.Exp(x);
        return power == 1 ? x : double.IsInfinity(power) || power - 1 == -1 ? power - 1 : (power - 1) * (x / Math.Log(power));
    }

    /// <summary>The error function: a power series near 0, a continued fraction for its complement further out (Abramowitz and Stegun 7.1.5, 7.1.14).</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        double size = Math.Abs(x);
        double value = size < 2.5 ? Series(size) : size > 6 ? 1 : 1 - ComplementFraction(size);
        return x < 0 ? -value : value;
    }

    /// <summary>1 - erf(x), exact in the tail.</summary>
    public static double Erfc(double x) => x >= 2.5 ? ComplementFraction(x) : 1 - Erf(x);

    /// <summary>The distribution function of the standard normal distribution.</summary>
    public static double NormalCdf(double x) => 0.5 * Erfc(-x / Math.Sqrt(2));

    /// <summary>The inverse of <see cref="NormalCdf"/>: NaN outside 0 to 1. Acklam's rational approximation, then Halley's step, which brings full precision.</summary>
    public static double NormalQuantile(double p)
    {
        if (!(p >= 0 && p <= 1))
        {
            return double.NaN;
        }

        if (p is 0 or 1)
        {
            return p == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        double x = Approximate(p);
        for (int i = 0; i < 2; i++)
        {
            double error = NormalCdf(x) - p;
            double step = error * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
            x -= step / (1 + (x * step / 2));
        }

        return x;
    }

    private static double Approximate(double p)
    {
        if (p < 0.02425 || p > 1 - 0.02425)
        {
            double q = Math.Sqrt(-2 * Math.Log(Math.Min(p, 1 - p)));
            double tail = ((((((((((-7.784894002430293e-03 * q) - 3.223964580411365e-01) * q) - 2.400758277161838) * q) - 2.549732539343734) * q) + 4.374664141464968) * q) + 2.938163982698783)
                / ((((((((7.784695709041462e-03 * q) + 3.224671290700398e-01) * q) + 2.445134137142996) * q) + 3.754408661907416) * q) + 1);
            return p < 0.5 ? tail : -tail;
        }

        double centre = p - 0.5;
        double r = centre * centre;
        return ((((((((((-3.969683028665376e+01 * r) + 2.209460984245205e+02) * r) - 2.759285104469687e+02) * r) + 1.383577518672690e+02) * r) - 3.066479806614716e+01) * r) + 2.506628277459239) * centre
            / ((((((((((-5.447609879822406e+01 * r) + 1.615858368580409e+02) * r) - 1.556989798598866e+02) * r) + 6.680131188771972e+01) * r) - 1.328068155288572e+01) * r) + 1);
    }

    private static double Series(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200 && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / SqrtPi * sum;
    }

    private static double ComplementFraction(double x)
    {
        double fraction = 0;
        for (int n = 60; n > 0; n--)
        {
            fraction = n / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / (SqrtPi * (x + fraction));
    }
}
