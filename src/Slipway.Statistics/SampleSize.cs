namespace Slipway.Statistics;

/// <summary>How much traffic an experiment needs. Normal approximation, two-sided, equal arms.</summary>
public static class SampleSize
{
    /// <summary>Units of each arm to see a difference of rates with a fixed sample.</summary>
    /// <param name="rate">Rate of the control.</param>
    /// <param name="effect">Smallest difference worth seeing, absolute.</param>
    /// <param name="alpha">Chance of a false alarm.</param>
    /// <param name="power">Chance of seeing the effect.</param>
    public static long ForRates(double rate, double effect, double alpha = 0.05, double power = 0.8)
    {
        double other = rate + effect;
        double mean = (rate + other) / 2;
        double root = (Normal.Quantile(1 - (alpha / 2)) * Math.Sqrt(2 * mean * (1 - mean)))
            + (Normal.Quantile(power) * Math.Sqrt((rate * (1 - rate)) + (other * (1 - other))));
        return (long)Math.Ceiling(root * root / (effect * effect));
    }

    /// <summary>Units of each arm to see a difference of means with a fixed sample.</summary>
    /// <param name="deviation">Standard deviation of one unit, after variance reduction if there is any.</param>
    /// <param name="effect">Smallest difference worth seeing.</param>
    /// <param name="alpha">Chance of a false alarm.</param>
    /// <param name="power">Chance of seeing the effect.</param>
    public static long ForMeans(double deviation, double effect, double alpha = 0.05, double power = 0.8)
    {
        double z = Normal.Quantile(1 - (alpha / 2)) + Normal.Quantile(power);
        return (long)Math.Ceiling(2 * z * z * deviation * deviation / (effect * effect));
    }

    /// <summary>Units of each arm at which an always-valid sequence, tightest there, is as narrow as the effect: about half of the runs have stopped before.</summary>
    public static long ForAlwaysValid(double deviation, double effect, double alpha = 0.05)
    {
        // MeanSequence's radius at its tightest, for the difference of two means.
        double log = -2 * Math.Log(alpha);
        double grown = log + Math.Log(log + 1);
        return (long)Math.Ceiling(2 * deviation * deviation * (1 + (1 / grown)) * (log + Math.Log(grown + 1)) / (effect * effect));
    }

    /// <summary>How long that takes.</summary>
    /// <param name="units">Units of each arm.</param>
    /// <param name="arms">Number of arms.</param>
    /// <param name="unitsPerDay">New units a day that take part.</param>
    public static TimeSpan Duration(long units, int arms, double unitsPerDay) => TimeSpan.FromDays(units * arms / unitsPerDay);
}
