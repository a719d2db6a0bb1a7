namespace Slipway.Traffic.Bandits;

/// <summary>
/// The probability of each of several independent beta laws to be the largest: ∫ fᵢ ∏ Fⱼ, by the trapezoid rule on the points that matter to any of them. Right to about a thousandth; what is
/// given always sums to 1.
/// </summary>
internal static class BestOfBetas
{
    private const int PointsPerLaw = 40;
    private const double Deviations = 7;

    // Densities of laws with parameters below 1 have no bound at the ends.
    private const double Edge = 1e-9;

    /// <summary>Probabilities that sum to 1.</summary>
    /// <param name="laws">Parameters of each, above 0.</param>
    /// <param name="best">As long.</param>
    public static void Probabilities(ReadOnlySpan<(double A, double B)> laws, Span<double> best)
    {
        double[] points = PointsOf(laws);
        double[][] densities = new double[laws.Length][];
        for (int i = 0; i < laws.Length; i++)
        {
            densities[i] = DensityOf(laws[i], points);
        }

        best.Clear();
        Span<double> below = stackalloc double[laws.Length];
        Span<double> before = stackalloc double[laws.Length];
        Span<double> now = stackalloc double[laws.Length];
        below.Clear();
        before.Clear();
        for (int k = 0; k < points.Length; k++)
        {
            double half = k == 0 ? 0 : (points[k] - points[k - 1]) / 2;
            for (int i = 0; i < laws.Length; i++)
            {
                below[i] += k == 0 ? 0 : half * (densities[i][k] + densities[i][k - 1]);
            }

            for (int i = 0; i < laws.Length; i++)
            {
                now[i] = densities[i][k];
                for (int other = 0; other < laws.Length && now[i] > 0; other++)
                {
                    now[i] *= other == i ? 1 : below[other];
                }

                best[i] += half * (now[i] + before[i]);
            }

            now.CopyTo(before);
        }

        Normalize(best);
    }

    private static double[] PointsOf(ReadOnlySpan<(double A, double B)> laws)
    {
        double[] points = new double[(laws.Length * PointsPerLaw) + 2];
        (points[0], points[1]) = (Edge, 1 - Edge);
        for (int i = 0; i < laws.Length; i++)
        {
            (double a, double b) = laws[i];
            double mean = a / (a + b);
            double reach = Deviations * Math.Sqrt(mean * (1 - mean) / (a + b + 1));
            double low = Math.Max(Edge, mean - reach);
            double high = Math.Min(1 - Edge, mean + reach);
            for (int k = 0; k < PointsPerLaw; k++)
            {
                points[2 + (i * PointsPerLaw) + k] = low + ((high - low) * k / (PointsPerLaw - 1));
            }
        }

        Array.Sort(points);
        return points;
    }

    // Relative to its own largest value, then scaled so that the rule gives it a total of 1.
    private static double[] DensityOf((double A, double B) law, double[] points)
    {
        double[] density = new double[points.Length];
        double largest = double.NegativeInfinity;
        for (int k = 0; k < points.Length; k++)
        {
            density[k] = ((law.A - 1) * Math.Log(points[k])) + ((law.B - 1) * Math.Log(1 - points[k]));
            largest = Math.Max(largest, density[k]);
        }

        double total = 0;
        for (int k = 0; k < points.Length; k++)
        {
            density[k] = Math.Exp(density[k] - largest);
            total += k == 0 ? 0 : (points[k] - points[k - 1]) / 2 * (density[k] + density[k - 1]);
        }

        foreach (ref double value in density.AsSpan())
        {
            value /= total;
        }

        return density;
    }

    private static void Normalize(Span<double> shares)
    {
        double total = 0;
        foreach (double share in shares)
        {
            total += share;
        }

        for (int i = 0; i < shares.Length; i++)
        {
            shares[i] = total > 0 ? shares[i] / total : 1.0 / shares.Length;
        }
    }
}
