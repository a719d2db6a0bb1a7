namespace Slipway.Statistics;

/// <summary>Two rates as a Bayesian sees them, with a uniform law before anything is seen. Valid for a sample size fixed beforehand; peeking is not accounted for.</summary>
public static class BetaBinomial
{
    private const long MaxTerms = 5_000_000;

    /// <summary>P(rate of B &gt; rate of A), by the closed sum over B's events (Miller 2014).</summary>
    public static double ProbabilityBetter(long eventsA, long trialsA, long eventsB, long trialsB) =>
        Greater(1 + eventsA, 1 + trialsA - eventsA, 1 + eventsB, 1 + trialsB - eventsB);

    /// <summary>What choosing B is expected to lose where A is better: E[max(A − B, 0)] (Stucchio 2015).</summary>
    public static double ExpectedLoss(long eventsA, long trialsA, long eventsB, long trialsB)
    {
        (double a, double b, double c, double d) = (1 + eventsA, 1 + trialsA - eventsA, 1 + eventsB, 1 + trialsB - eventsB);

        // x·Beta(x; a, b) is a/(a+b) times Beta(x; a+1, b), so both halves are probabilities of the first kind.
        return (a / (a + b) * (1 - Greater(a + 1, b, c, d))) - (c / (c + d) * (1 - Greater(a, b, c + 1, d)));
    }

    /// <summary>P(Beta(c, d) &gt; Beta(a, b)) for whole parameters.</summary>
    private static double Greater(double a, double b, double c, double d)
    {
        if (Math.Min(Math.Min(a, b), Math.Min(c, d)) > MaxTerms)
        {
            throw new ArgumentOutOfRangeException(nameof(a), $"more than {MaxTerms} events and non-events on every side");
        }

        // The sum runs over one parameter: the smallest, by the symmetries of the question.
        if (c <= a && c <= b && c <= d)
        {
            return Sum(a, b, c, d);
        }

        if (a <= b && a <= d)
        {
            return 1 - Sum(c, d, a, b);
        }

        return b <= d ? Sum(d, c, b, a) : 1 - Sum(b, a, d, c);
    }

    private static double Sum(double a, double b, double c, double d)
    {
        double total = 0;
        double term = BetaFunction.Log(a, b + d) - Math.Log(d) - BetaFunction.Log(1, d) - BetaFunction.Log(a, b);
        for (int i = 0; i < c; i++)
        {
            total += Math.Exp(term);
            term += Math.Log((a + i) / (a + b + d + i)) + Math.Log((d + i) / (1.0 + i));
        }

        return Math.Clamp(total, 0, 1);
    }
}
