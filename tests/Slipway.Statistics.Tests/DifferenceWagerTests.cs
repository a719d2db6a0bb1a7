namespace Slipway.Statistics.Tests;

public sealed class DifferenceWagerTests
{
    [Fact]
    public void Wealth_is_a_fair_bet_when_the_difference_is_just_what_is_allowed()
    {
        // The mean of exp(evidence) over every outcome of a few trials is 1: new 0.3, old 0.2, so a difference of 0.1.
        const double share = 0.25;
        const int trials = 9;
        (double isNew, double isOld) = (share * 0.3, (1 - share) * 0.2);
        double mean = 0;
        for (int newEvents = 0; newEvents <= trials; newEvents++)
        {
            for (int oldEvents = 0; newEvents + oldEvents <= trials; oldEvents++)
            {
                double ways = Ways(trials, newEvents) * Ways(trials - newEvents, oldEvents);
                double chance = ways * Math.Pow(isNew, newEvents) * Math.Pow(isOld, oldEvents) * Math.Pow(1 - isNew - isOld, trials - newEvents - oldEvents);
                mean += chance * Math.Exp(DifferenceWager.LogAbove([new DividedEvents(newEvents, oldEvents, trials, share)], 0.1));
            }
        }

        Assert.Equal(1, mean, 1e-9);
    }

    [Fact]
    public void Rates_that_drift_together_hardly_ever_reach_the_threshold_however_often_one_looks()
    {
        const int runs = 400;
        int wrong = 0;
        for (int run = 0; run < runs; run++)
        {
            Random random = new(run);
            (long newEvents, long oldEvents, bool alarmed) = (0, 0, false);
            for (int n = 1; n <= 2000 && !alarmed; n++)
            {
                double old = 0.2 * (1 + Math.Sin(n / 100.0));
                bool isNew = random.NextDouble() < 0.1;
                bool happened = random.NextDouble() < old + (isNew ? 0.02 : 0);
                newEvents += isNew && happened ? 1 : 0;
                oldEvents += !isNew && happened ? 1 : 0;
                alarmed = DifferenceWager.LogAbove([new DividedEvents(newEvents, oldEvents, n, 0.1)], 0.02) >= Math.Log(20);
            }

            wrong += alarmed ? 1 : 0;
        }

        // Twenty expected at most; 33 is three standard deviations more.
        Assert.InRange(wrong, 0, 33);
    }

    [Fact]
    public void Sums_of_values_between_0_and_1_are_never_more_evidence_than_bets_on_each_of_them()
    {
        // One value at a time: the mean of the wealth over new and old sides is at most 1 when means differ by what is allowed, whatever the law of the values.
        foreach ((double[] newValues, double[] oldValues) in new (double[], double[])[] { ([0.2, 0.8], [0.4]), ([0, 1, 0.5], [0.1, 0.7]), ([0.55], [0.45, 0.45]) })
        {
            const double share = 0.3;
            double difference = newValues.Average() - oldValues.Average();
            double mean = (share * newValues.Average(value => Math.Exp(DifferenceWager.LogAbove([new DividedEvents(value, 0, 1, share)], difference))))
                + ((1 - share) * oldValues.Average(value => Math.Exp(DifferenceWager.LogAbove([new DividedEvents(0, value, 1, share)], difference))));
            Assert.InRange(mean, 0.5, 1 + 1e-12);
        }
    }

    [Fact]
    public void Larger_differences_are_found_sooner_and_nothing_seen_is_no_evidence()
    {
        double Evidence(long newEvents) => DifferenceWager.LogAbove([new DividedEvents(newEvents, 5, 2000, 0.05)], 0.001);
        Assert.True(Evidence(3) < Evidence(10));
        Assert.True(Evidence(10) < Evidence(30));
        Assert.True(Evidence(20) > Math.Log(80));
        Assert.Equal(0, DifferenceWager.LogAbove([], 0.01), 1e-12);
        Assert.Equal(0, DifferenceWager.LogAbove([new DividedEvents(0, 0, 0, 0.5)], 0.01), 1e-12);
        Assert.True(double.IsFinite(DifferenceWager.LogAbove([new DividedEvents(1_000_000, 0, 1_000_000, 0.5), new DividedEvents(0, 1_000_000, 1_000_000, 0.01)], 0)));
    }

    private static double Ways(int all, int some) => some == 0 ? 1 : Ways(all - 1, some - 1) * all / some;
}
