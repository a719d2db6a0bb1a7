namespace Slipway.Statistics.Planning;

/// <summary>What a design costs in units, compared with a fixed sample of the same errors. Immutable.</summary>
/// <param name="Inflation">Largest total over that of a fixed sample.</param>
/// <param name="ExpectedShare">Share of the largest total that is used on average when the effect is just the planned one.</param>
/// <param name="Boundaries">Boundaries of |Z| at the planned looks; empty where there are none.</param>
internal sealed record DesignCost(double Inflation, double ExpectedShare, IReadOnlyList<double> Boundaries)
{
    // Looks that stand for "always": what a path does between them is made good by boundaries that lie lower by 0.5826 standard deviations of a step (Siegmund 1985, section III.5).
    private const int AlwaysValidLooks = 30;
    private const double FirstLook = 0.02;
    private const double Overshoot = 0.5826;

    /// <summary>Of a request's design.</summary>
    /// <param name="request">Which design.</param>
    /// <param name="alpha">Chance of a false finding of one comparison.</param>
    public static DesignCost Of(PlanRequest request, double alpha)
    {
        // One-sided tests are the two-sided ones with twice the error, of which one half is never used.
        double twoSided = request.IsNonInferiority ? 2 * alpha : alpha;
        switch (request.Design)
        {
            case PlannedDesign.GroupSequential:
                double[] boundaries = request.Shape == BoundaryShape.Pocock
                    ? [.. Enumerable.Repeat(GroupSequential.PocockConstant(request.Looks, twoSided), request.Looks)]
                    : GroupSequential.OBrienFleming(request.Looks, GroupSequential.OBrienFlemingConstant(request.Looks, twoSided));
                return Find(twoSided, request.Beta, GroupSequential.EqualTimes(request.Looks), boundaries) with { Boundaries = boundaries };
            case PlannedDesign.AlwaysValid:
                // The mixture is two-sided by construction: one-sided questions pay for both sides, as the analysis does.
                double growth = Math.Pow(1 / FirstLook, 1 / (AlwaysValidLooks - 1.0));
                double between = Overshoot * Math.Sqrt(1 - (1 / growth));
                double[] times = [.. Enumerable.Range(0, AlwaysValidLooks).Select(look => FirstLook * Math.Pow(growth, look))];
                return Find(twoSided, request.Beta, times, [.. times.Select(time => MeanSequence.Boundary(time, alpha, tightestAt: 1) - between)]);
            default:
                return new DesignCost(1, 1, []);
        }
    }

    /// <summary>The expected statistic of a fixed sample: what it must be for both errors.</summary>
    public static double FixedDrift(double twoSided, double beta) => Normal.Quantile(1 - (twoSided / 2)) + Normal.Quantile(1 - beta);

    private static DesignCost Find(double twoSided, double beta, double[] times, double[] boundaries)
    {
        double drift = FixedDrift(twoSided, beta);

        // The chance to be missed falls with the drift; no design is better than a fixed sample, none here needs ten times its units.
        double found = RootSearch.Falling(drift * 0.999, drift * Math.Sqrt(10), beta, one => 1 - Stops(one).Sum());
        double[] stops = Stops(found);
        double expected = times.Zip(stops, static (time, chance) => time * chance).Sum() + (1 - stops.Sum());
        return new DesignCost(found * found / (drift * drift), expected, []);

        double[] Stops(double one) => GroupSequential.StoppingProbabilities(times, boundaries, new BoundaryWalk(one, grid: 4));
    }
}
