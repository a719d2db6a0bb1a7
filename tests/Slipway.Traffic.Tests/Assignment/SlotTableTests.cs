using Slipway.Traffic.Assignment;

namespace Slipway.Traffic.Tests.Assignment;

public sealed class SlotTableTests
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f"];

    [Fact]
    public void A_change_of_weights_moves_the_difference_and_not_one_slot_more()
    {
        Random random = new(20261121);
        SlotTable table = SlotTable.Create(Weights(random));
        for (int round = 0; round < 200; round++)
        {
            SlotTable next = table.With(Weights(random));
            int moved = Enumerable.Range(0, SlotTable.Slots).Count(slot => table.ArmOf(slot) != next.ArmOf(slot));
            int needed = Names.Sum(name => Math.Max(0, Count(next, name) - Count(table, name)));
            Assert.Equal(needed, moved);
            table = next;
        }
    }

    [Fact]
    public void Shares_are_the_weights_to_the_grain()
    {
        SlotTable table = SlotTable.Create(new Dictionary<string, double> { ["a"] = 33.33, ["b"] = 33.33, ["c"] = 33.34 });
        Assert.Equal([3333, 3333, 3334], new[] { "a", "b", "c" }.Select(name => Count(table, name)));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(50)]
    [InlineData(99.99)]
    public void With_two_arms_a_replica_without_history_agrees_with_one_that_saw_every_step(double last)
    {
        SlotTable table = SlotTable.Create(Two(5));
        foreach (double share in new[] { 10.0, 30, 20, 80, 1, last })
        {
            table = table.With(Two(share));
        }

        Assert.Equal(SlotTable.Create(Two(last)).Runs, table.Runs);

        static Dictionary<string, double> Two(double share) => new() { ["next"] = share, ["stable"] = 100 - share };
    }

    [Fact]
    public void Runs_give_the_table_back()
    {
        SlotTable table = SlotTable.Create(Weights(new Random(1))).With(Weights(new Random(2)));
        Assert.Equal(table.Runs, SlotTable.FromRuns(table.Runs)!.Runs);
    }

    [Fact]
    public void FromRuns_is_null_for_runs_that_are_no_table()
    {
        Assert.Null(SlotTable.FromRuns([]));
        Assert.Null(SlotTable.FromRuns([new SlotRun("a", 9_999)]));
        Assert.Null(SlotTable.FromRuns([new SlotRun("a", -1), new SlotRun("b", 10_001)]));
    }

    [Fact]
    public void An_arm_that_is_gone_gives_everything_away()
    {
        SlotTable table = SlotTable.Create(new Dictionary<string, double> { ["a"] = 50, ["b"] = 30, ["c"] = 20 })
            .With(new Dictionary<string, double> { ["b"] = 60, ["c"] = 40 });
        Assert.Equal(["b", "c"], table.Arms);
        Assert.Equal(6000, Count(table, "b"));
    }

    private static int Count(SlotTable table, string name) => table.Runs.Where(run => run.Arm == name).Sum(run => run.Length);

    private static Dictionary<string, double> Weights(Random random)
    {
        double[] raw = [.. Names.Select(_ => random.Next(3) == 0 ? 0 : random.NextDouble())];
        raw[0] += 0.01;
        return Names.Zip(raw).ToDictionary(pair => pair.First, pair => pair.Second / raw.Sum() * 100);
    }

    [Fact]
    public void Any_change_of_weights_moves_the_shares_that_shrank_and_nothing_else()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            Dictionary<string, double> Weights() => Enumerable.Range(0, random.Next(2, 7)).ToDictionary(arm => $"arm-{random.Next(1000)}-{arm % 4}", _ => random.NextDouble() + 0.001);
            Dictionary<string, double> first = Weights();
            Dictionary<string, double> second = seed % 2 == 0 ? Weights() : first.ToDictionary(pair => pair.Key, _ => random.NextDouble() + 0.001);
            SlotTable before = SlotTable.Create(first);
            SlotTable after = before.With(second);
            Dictionary<string, int> old = Count(before);
            Dictionary<string, int> now = Count(after);
            int needed = old.Sum(pair => Math.Max(0, pair.Value - now.GetValueOrDefault(pair.Key)));
            int moved = 0;
            for (int slot = 0; slot < SlotTable.Slots; slot++)
            {
                if (before.ArmOf(slot) != after.ArmOf(slot))
                {
                    moved++;
                    Assert.True(now.GetValueOrDefault(before.ArmOf(slot)) < old[before.ArmOf(slot)], $"seed {seed}");
                    Assert.True(old.GetValueOrDefault(after.ArmOf(slot)) < now[after.ArmOf(slot)], $"seed {seed}");
                }
            }

            Assert.True(moved == needed, $"seed {seed}: {moved} moved, {needed} needed");
        }

        static Dictionary<string, int> Count(SlotTable table) => Enumerable.Range(0, SlotTable.Slots).GroupBy(table.ArmOf).ToDictionary(group => group.Key, group => group.Count());
    }
}
