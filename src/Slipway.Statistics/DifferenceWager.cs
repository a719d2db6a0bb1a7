namespace Slipway.Statistics;

/// <summary>
/// Evidence that an event is more frequent on one of two sides, by more than a difference, when chance divides the trials between them; valid at every look. A bet on every trial
/// (Shafer 2021; Waudby-Smith and Ramdas 2023): a trial counts +1/share when it was given to the new side and the event happened, −1/(1 − share) on the old side, 0 otherwise. Its mean
/// is the difference of the rates, so wealth of 1 that is put on "more than the difference" is a supermartingale while that is not so, and ever reaches 1/α with probability α at most
/// (Ville). Rates may be anything and drift together. Without a difference the wealth is the likelihood ratio of the new side's part of all events. Stakes are those that are
/// best for ratios of both rates from 1.15 to five hundred, in equal parts. It depends on the counts only. Values in [0, 1] may stand for events: wealth by
/// their sums is at most what the bets on each of them would have made, because the logarithm is concave.
/// </summary>
public static class DifferenceWager
{
    private const int Stakes = 15;
    private const double SmallestExcess = 0.15;
    private const double Growth = 1.8;
    private const double Boldest = 0.98;

    /// <summary>Natural logarithm of the evidence that the new rate minus the old one is above <paramref name="difference"/>.</summary>
    /// <param name="stretches">Stretches of time, each with a division of its own; they may be any number.</param>
    /// <param name="difference">The hypothesis: at most this, in [0, 1).</param>
    public static double LogAbove(ReadOnlySpan<DividedEvents> stretches, double difference)
    {
        Span<double> wealth = stackalloc double[Stakes];
        double most = double.NegativeInfinity;
        double excess = SmallestExcess;
        for (int i = 0; i < Stakes; i++, excess *= Growth)
        {
            wealth[i] = 0;
            foreach (DividedEvents one in stretches)
            {
                wealth[i] += LogWealth(one, excess, difference);
            }

            most = Math.Max(most, wealth[i]);
        }

        double sum = 0;
        foreach (double one in wealth)
        {
            sum += Math.Exp(one - most);
        }

        return most + Math.Log(sum / Stakes);
    }

    private static double LogWealth(DividedEvents seen, double excess, double difference)
    {
        double share = seen.Share;
        double win = (1 / share) - difference;
        double lose = (1 / (1 - share)) + difference;

        // The part of the events that the new side has when its rate is 1 + excess times the old one's, less its share.
        double stake = Math.Min(share * (1 - share) * excess / (1 + (share * excess)), Boldest / lose);
        return (seen.New * double.LogP1(stake * win)) + (seen.Old * double.LogP1(-stake * lose))
            + ((seen.Trials - seen.New - seen.Old) * double.LogP1(-stake * difference));
    }
}

/// <summary>Events of a stretch in which chance divided trials between two sides.</summary>
/// <param name="New">Events on the new side, or the sum of values in [0, 1].</param>
/// <param name="Old">Events on the old side, likewise.</param>
/// <param name="Trials">Trials of both sides.</param>
/// <param name="Share">Chance of a trial to go to the new side, in (0, 1).</param>
public readonly record struct DividedEvents(double New, double Old, double Trials, double Share);
