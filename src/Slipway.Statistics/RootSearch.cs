namespace Slipway.Statistics;

/// <summary>Finds where a falling chance has a value: false position with halving (Illinois; Dowell and Jarratt 1971) on the logarithm, where tails are nearly straight.</summary>
internal static class RootSearch
{
    private const int MaxSteps = 60;
    private const double Tolerance = 1e-10;

    /// <summary>The place; an end of the range where the value lies beyond it.</summary>
    /// <param name="low">Where the chance is larger.</param>
    /// <param name="high">Where it is smaller.</param>
    /// <param name="target">The value, above 0.</param>
    /// <param name="chance">Falls from low to high.</param>
    public static double Falling(double low, double high, double target, Func<double, double> chance)
    {
        double atLow = Excess(low);
        double atHigh = Excess(high);
        if (atLow <= 0 || atHigh >= 0)
        {
            return atLow <= 0 ? low : high;
        }

        for (int step = 0; step < MaxSteps && high - low > Tolerance; step++)
        {
            double middle = high - (atHigh * (high - low) / (atHigh - atLow));
            double atMiddle = Excess(middle);
            if (Math.Abs(atMiddle) < Tolerance)
            {
                return middle;
            }

            if (atMiddle > 0)
            {
                (low, atLow, atHigh) = (middle, atMiddle, atHigh / 2);
            }
            else
            {
                (high, atHigh, atLow) = (middle, atMiddle, atLow / 2);
            }
        }

        return (low + high) / 2;

        double Excess(double at) => Math.Log(Math.Max(chance(at), double.Epsilon) / target);
    }
}
