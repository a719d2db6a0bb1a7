using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Which feedback says whether answers were right, and how much worse the new version's may be. Immutable. Every report becomes a loss from 0 to 1: the part of the range that the
/// answer missed; a report of 1 for right and 0 for wrong makes losses the share of wrong answers.
/// </summary>
public sealed record QualityPolicy
{
    /// <summary>Name of the metric that is reported (<see cref="Core.Feedback.Metric"/>).</summary>
    public required string Metric { get; init; }

    /// <summary>Least that a report can be. Default 0. Reports below count as this.</summary>
    public double Lowest { get; init; }

    /// <summary>Most that a report can be. Default 1. Reports above count as this.</summary>
    public double Highest { get; init; } = 1;

    /// <summary>Whether less is better, as of a cost. Default false.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>The mean loss may be larger by this, absolute, as a share of the range. Default 0.05.</summary>
    public double Margin { get; init; } = 0.05;

    /// <summary>Differences of losses below this are no reason to roll back, however certain. Default 0.01.</summary>
    public double Ignored { get; init; } = 0.01;

    /// <summary>Fewest reports about answers of the new version that a step which demands quality waits for. Default 100.</summary>
    public long MinLabels { get; init; } = 100;

    /// <summary>Answered requests that each replica remembers, so that reports find out who answered; the oldest are forgotten. Default 200,000, some 100 bytes each.</summary>
    public int Remembered { get; init; } = 200_000;

    /// <summary>The loss that a report means, 0 to 1.</summary>
    public double LossOf(double value)
    {
        double part = (Math.Clamp(value, Lowest, Highest) - Lowest) / (Highest - Lowest);
        return LowerIsBetter ? part : 1 - part;
    }

    /// <summary>Every fault, with its key.</summary>
    public IEnumerable<string> FindFaults()
    {
        if (!EndpointCheck.IsName(Metric))
        {
            yield return "quality.metric: the name of a metric is expected: letters, digits, '_', '-' and '.'";
        }

        if (!double.IsFinite(Highest - Lowest) || !(Lowest < Highest))
        {
            yield return "quality.lowest, quality.highest: finite numbers are expected, 'lowest' below 'highest'";
        }

        if (Margin is not (> 0 and < 1))
        {
            yield return "quality.margin: a number above 0 and below 1 is expected, a share of the range";
        }

        if (Ignored is not (>= 0 and < 1))
        {
            yield return "quality.ignored: a number from 0 and below 1 is expected, a share of the range";
        }

        if (MinLabels is < 1 or > 1_000_000_000)
        {
            yield return "quality.minLabels: 1 to 1000000000 are expected";
        }

        if (Remembered is < 1000 or > 5_000_000)
        {
            yield return "quality.remembered: 1000 to 5000000 are expected";
        }
    }
}
