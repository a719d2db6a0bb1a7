using Slipway.Statistics;

namespace Slipway.Traffic.Bandits;

/// <summary>
/// What another division of traffic would have earned, from what was logged (Horvitz and Thompson 1952; Swaminathan and Joachims 2015; Dudík, Langford and Li 2011). Intervals are those of the
/// normal law at 95 percent: they lean on many decisions, none of which weighs much.
/// </summary>
public static class OffPolicy
{
    private const double Quantile = 1.959963984540054;

    /// <summary>Inverse propensity scores: unbiased when propensities are right and above 0 wherever the other division goes.</summary>
    /// <param name="log">What was logged; one at least.</param>
    public static OffPolicyEstimate Ips(IReadOnlyList<LoggedChoice> log) => MeanOf(log, static one => one.Weight * one.Reward);

    /// <summary>The same divided by the mean weight: a little bias, less variance. 0 when the other division never does what was logged.</summary>
    /// <param name="log">What was logged; one at least.</param>
    public static OffPolicyEstimate Snips(IReadOnlyList<LoggedChoice> log)
    {
        double weights = 0;
        double sum = 0;
        foreach (LoggedChoice one in log)
        {
            weights += one.Weight;
            sum += one.Weight * one.Reward;
        }

        double value = weights > 0 ? sum / weights : 0;
        double squares = 0;
        foreach (LoggedChoice one in log)
        {
            double difference = one.Weight * (one.Reward - value);
            squares += difference * difference;
        }

        return Around(value, weights > 0 ? Math.Sqrt(squares) / weights : double.PositiveInfinity);
    }

    /// <summary>Doubly robust: right when either the propensities or the estimates are.</summary>
    /// <param name="log">What was logged; one at least.</param>
    public static OffPolicyEstimate DoublyRobust(IReadOnlyList<LoggedChoice> log) =>
        MeanOf(log, static one => one.TargetEstimate + (one.Weight * (one.Reward - one.Estimate)));

    /// <summary>The mean of what was earned, without another division.</summary>
    /// <param name="log">What was logged; one at least.</param>
    public static OffPolicyEstimate Logged(IReadOnlyList<LoggedChoice> log) => MeanOf(log, static one => one.Reward);

    /// <summary>How many decisions of the other division itself would tell as much (Kish 1965): (Σ w)² / Σ w².</summary>
    /// <param name="log">What was logged.</param>
    public static double EffectiveDecisions(IReadOnlyList<LoggedChoice> log)
    {
        double sum = 0;
        double squares = 0;
        foreach (LoggedChoice one in log)
        {
            sum += one.Weight;
            squares += one.Weight * one.Weight;
        }

        return squares > 0 ? sum * sum / squares : 0;
    }

    private static OffPolicyEstimate MeanOf(IReadOnlyList<LoggedChoice> log, Func<LoggedChoice, double> value)
    {
        Moments moments = default;
        foreach (LoggedChoice one in log)
        {
            moments = moments.Add(value(one));
        }

        return Around(moments.Mean, Math.Sqrt(moments.Variance / moments.Count));
    }

    private static OffPolicyEstimate Around(double value, double deviation) => new(value, value - (Quantile * deviation), value + (Quantile * deviation));
}

/// <summary>An estimated mean reward.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of its interval; not finite where nothing can be said.</param>
/// <param name="High">Upper end.</param>
public readonly record struct OffPolicyEstimate(double Value, double Low, double High);

/// <summary>One logged choice.</summary>
/// <param name="Propensity">Probability with which the arm was chosen, above 0.</param>
/// <param name="TargetProbability">Probability with which the other division would have chosen the same arm.</param>
/// <param name="Reward">What it earned.</param>
/// <param name="Estimate">What a model expects of the arm chosen; 0 without a model.</param>
/// <param name="TargetEstimate">What the model expects of the other division; 0 without a model.</param>
public readonly record struct LoggedChoice(double Propensity, double TargetProbability, double Reward, double Estimate = 0, double TargetEstimate = 0)
{
    /// <summary>How much more often the other division would have chosen this arm.</summary>
    public double Weight => TargetProbability / Propensity;
}
