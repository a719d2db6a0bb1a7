namespace Slipway.Statistics.Planning;

/// <summary>
/// How many units an experiment needs, how long that takes, and which effect a given number shows. Normal approximation; samples of a few dozen units are beyond it.
/// Pure.
/// </summary>
public static class Planner
{
    /// <summary>Answers a request.</summary>
    /// <exception cref="ArgumentException">The request has faults; see <see cref="PlanCheck"/>.</exception>
    public static PlanResult Plan(PlanRequest request)
    {
        Check(request);
        double alpha = AlphaOf(request);
        DesignCost cost = DesignCost.Of(request, alpha);
        double total = FixedTotal(request, alpha) * cost.Inflation;
        double sum = request.Shares.Sum();
        long[] units = [.. request.Shares.Select(share => Whole(total * share / sum))];
        return new PlanResult(request.Design, units, alpha, cost.Inflation, units.Sum() * cost.ExpectedShare, cost.Boundaries);
    }

    /// <summary>The smallest effect of the request's sign that a total of units shows with the power asked for; null when not even the largest possible is shown.</summary>
    /// <param name="request">The request, whose effect gives the sign and where to begin the search.</param>
    /// <param name="total">Units of all arms together, above 0.</param>
    /// <exception cref="ArgumentException">The request has faults.</exception>
    public static double? DetectableEffect(PlanRequest request, double total)
    {
        Check(request);
        double alpha = AlphaOf(request);
        double inflation = DesignCost.Of(request, alpha).Inflation;
        double sign = Math.Sign(request.Effect);
        double most = request.Metric != PlannedMetric.Proportion || request.IsNonInferiority ? Math.Abs(request.Effect) * 1e9
            : (sign > 0 ? 1 - request.Baseline : request.Baseline) * (1 - 1e-9);
        if (Needs(most) > total)
        {
            return null;
        }

        (double low, double high) = (0, most);
        for (int i = 0; i < 120; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Needs(middle) > total ? (middle, high) : (low, middle);
        }

        return sign * high;

        double Needs(double effect) => FixedTotal(request with { Effect = sign * effect }, alpha) * inflation;
    }

    /// <summary>The chance of a false finding when a fixed sample is looked at, and acted upon, again and again: what peeking does.</summary>
    /// <param name="looks">Number of equally spaced looks, 1 to <see cref="PlanCheck.MaxLooks"/>; more are counted as that many.</param>
    /// <param name="alpha">The nominal chance.</param>
    public static double PeekingError(int looks, double alpha)
    {
        double[] times = GroupSequential.EqualTimes(Math.Clamp(looks, 1, PlanCheck.MaxLooks));
        return GroupSequential.CrossingProbability(times, [.. Enumerable.Repeat(Normal.Quantile(1 - (alpha / 2)), times.Length)]);
    }

    private static double FixedTotal(PlanRequest request, double alpha)
    {
        PlanVariance variance = PlanVariance.Of(request);
        double z = Normal.Quantile(1 - (request.IsNonInferiority ? alpha : alpha / 2));
        double root = (z * Math.Sqrt(variance.None)) + (Normal.Quantile(1 - request.Beta) * Math.Sqrt(variance.Effect));
        double total = root * root / (request.Effect * request.Effect);

        // The variance of a mean is estimated as well: Student's law needs z²/4 more units of each arm (Guenther 1981).
        return request.Metric == PlannedMetric.Mean ? total + (z * z / 4 * request.Shares.Count) : total;
    }

    private static double AlphaOf(PlanRequest request) => request.Alpha / ((request.Shares.Count - 1) * request.Metrics);

    // What comes out as whole but for rounding is not made one more; what no calendar holds stays a number.
    private static long Whole(double units) => (long)Math.Min(1e18, Math.Ceiling(units - 1e-9));

    private static void Check(PlanRequest request)
    {
        if (PlanCheck.Find(request).FirstOrDefault() is { Name: not null } fault)
        {
            throw new ArgumentException($"{fault.Name}: {fault.Message}", nameof(request));
        }
    }
}
