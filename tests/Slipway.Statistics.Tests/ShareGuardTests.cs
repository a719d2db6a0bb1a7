namespace Slipway.Statistics.Tests;

public sealed class ShareGuardTests
{
    [Fact]
    public void Shares_as_planned_raise_no_alarm_at_any_of_three_thousand_looks() => CountAlarms(runs: 40, looks: 3000);

    [Fact]
    [Trait("Category", "Slow")]
    public void Shares_as_planned_raise_no_alarm_at_any_of_ten_thousand_looks() => CountAlarms(runs: 200, looks: 10_000);

    [Fact]
    public void A_mismatch_is_found()
    {
        for (int run = 0; run < 20; run++)
        {
            Assert.NotNull(FirstAlarm([0.5, 0.5], [0.53, 0.47], run, 30_000));
        }
    }

    [Fact]
    public void Nothing_counted_says_nothing() => Assert.Equal(1, ShareGuard.PValue([0, 0], [0.5, 0.5]));

    private static void CountAlarms(int runs, int looks)
    {
        int alarms = 0;
        for (int run = 0; run < runs; run++)
        {
            alarms += FirstAlarm([0.9, 0.1], [0.9, 0.1], run, looks) is null ? 0 : 1;
        }

        // A thousandth of the runs is expected at most.
        Assert.InRange(alarms, 0, 2);
    }

    private static int? FirstAlarm(double[] planned, double[] real, int seed, int horizon)
    {
        Random random = new(seed);
        long[] counts = new long[planned.Length];
        for (int n = 1; n <= horizon; n++)
        {
            counts[random.NextDouble() < real[0] ? 0 : 1]++;
            if (ShareGuard.PValue(counts, planned) < ShareGuard.Alarm)
            {
                return n;
            }
        }

        return null;
    }
}
