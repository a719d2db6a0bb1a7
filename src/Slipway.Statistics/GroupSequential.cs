namespace Slipway.Statistics;

/// <summary>
/// Tests with a planned number of looks: how repeated looks inflate the error (Armitage, McPherson and Rowe 1969), and boundaries that keep it
/// (Pocock 1977; O'Brien and Fleming 1979; Lan and DeMets 1983). Two-sided, for a normal statistic with independent increments.
/// </summary>
public static class GroupSequential
{
    // Where nothing is to be spent nothing is found either: beyond this lies 1e-23.
    private const double MostBoundary = 10;

    /// <summary>Chance that |Z| reaches its boundary at any look when there is no effect.</summary>
    /// <param name="times">Shares of the information at the looks, rising, above 0.</param>
    /// <param name="boundaries">Boundary for |Z| at each look.</param>
    public static double CrossingProbability(IReadOnlyList<double> times, IReadOnlyList<double> boundaries) => StoppingProbabilities(times, boundaries, drift: 0).Sum();

    /// <summary>Chance that |Z| reaches its boundary for the first time at each of the looks, when the statistic is expected to be <paramref name="drift"/> at time 1.</summary>
    /// <param name="times">Shares of the information at the looks, rising, above 0.</param>
    /// <param name="boundaries">Boundary for |Z| at each look.</param>
    /// <param name="drift">Expected statistic at time 1: effect over its standard error there.</param>
    public static double[] StoppingProbabilities(IReadOnlyList<double> times, IReadOnlyList<double> boundaries, double drift) =>
        StoppingProbabilities(times, boundaries, new BoundaryWalk(drift));

    /// <summary>The same with a walk of the caller's own precision.</summary>
    internal static double[] StoppingProbabilities(IReadOnlyList<double> times, IReadOnlyList<double> boundaries, BoundaryWalk walk)
    {
        double[] stops = new double[times.Count];
        for (int look = 0; look < stops.Length; look++)
        {
            stops[look] = walk.CrossingAt(times[look], boundaries[look]);
            walk.Step(times[look], boundaries[look]);
        }

        return stops;
    }

    /// <summary>The boundary that is the same at each of some equally spaced looks.</summary>
    public static double PocockConstant(int looks, double alpha = 0.05) =>
        Solve(alpha, constant => CrossingProbability(EqualTimes(looks), [.. Enumerable.Repeat(constant, looks)]));

    /// <summary>The constant c of boundaries c·√(K/k) at equally spaced looks; the boundary of the last look.</summary>
    public static double OBrienFlemingConstant(int looks, double alpha = 0.05) => Solve(alpha, constant => CrossingProbability(EqualTimes(looks), OBrienFleming(looks, constant)));

    /// <summary>Boundaries c·√(K/k).</summary>
    public static double[] OBrienFleming(int looks, double constant) => [.. Enumerable.Range(1, looks).Select(k => constant * Math.Sqrt((double)looks / k))];

    /// <summary>Boundaries that spend the error as told, at whatever times looks happen; the total at the last is <paramref name="spent"/> of its time.</summary>
    /// <param name="times">Shares of the information at the looks, rising, in (0, 1].</param>
    /// <param name="spent">Error spent up to a share of the information; 0 at 0, rising.</param>
    public static double[] Spend(IReadOnlyList<double> times, Func<double, double> spent)
    {
        BoundaryWalk walk = new();
        double[] boundaries = new double[times.Count];
        double before = 0;
        for (int look = 0; look < boundaries.Length; look++)
        {
            double now = spent(times[look]);
            double time = times[look];
            boundaries[look] = Solve(now - before, boundary => walk.CrossingAt(time, boundary));
            walk.Step(time, boundaries[look]);
            before = now;
        }

        return boundaries;
    }

    /// <summary>Spends like O'Brien and Fleming: little at first.</summary>
    public static Func<double, double> OBrienFlemingSpending(double alpha)
    {
        double z = Normal.Quantile(1 - (alpha / 2));
        return time => 2 * (1 - Normal.Cdf(z / Math.Sqrt(time)));
    }

    /// <summary>Spends like Pocock: nearly evenly.</summary>
    public static Func<double, double> PocockSpending(double alpha) => time => alpha * Math.Log(1 + ((Math.E - 1) * time));

    /// <summary>Times of equally spaced looks: k/K.</summary>
    public static double[] EqualTimes(int looks) => [.. Enumerable.Range(1, looks).Select(k => (double)k / looks)];

    private static double Solve(double target, Func<double, double> probability) => target > 0 ? RootSearch.Falling(0, MostBoundary, target, probability) : MostBoundary;
}
