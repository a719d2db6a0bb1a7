using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Tests.Bandits;

public sealed class BanditTests
{
    private static readonly BanditDefinition Thompson = new(BanditKind.Thompson) { Floor = 0 };

    [Fact]
    public void Every_arm_keeps_its_floor_and_propensities_are_the_probabilities_it_was_chosen_with()
    {
        BanditWorld world = new(Thompson with { Floor = 10 }, arms: 3);
        int[] chosen = new int[3];
        double[] inverse = new double[3];
        for (int i = 0; i < 5000; i++)
        {
            BanditDecision decision = world.Bandit.Choose((double[]?)null, world.Random);
            chosen[decision.Arm]++;
            inverse[decision.Arm] += 1 / decision.Propensity;
            decision.Answered("r");
            world.Memory.Reward("r", decision.Arm == 0 ? 1 : 0);
        }

        Assert.InRange(chosen[1], 430, 620);
        Assert.InRange(chosen[2], 430, 620);

        // Each arm's choices, weighted by the inverse of their probability, add up to all requests.
        Assert.All(inverse, total => Assert.InRange(total, 4000, 6000));
    }

    [Fact]
    public void With_a_half_life_the_policy_follows_a_change()
    {
        BanditWorld world = new(Thompson with { Floor = 2, HalfLife = TimeSpan.FromMinutes(5) });
        int late = 0;
        for (int i = 0; i < 6000; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            int arm = world.Ask("r");
            double rate = (arm == 0) == (i < 3000) ? 0.8 : 0.3;
            world.Memory.Reward("r", world.Random.NextDouble() < rate ? 1 : 0);
            late += i >= 4500 && arm == 1 ? 1 : 0;
        }

        Assert.InRange(late, 1200, 1500);
    }

    [Fact]
    public void Rewards_fade_by_half_in_a_half_life_and_their_mean_stays()
    {
        BanditWorld world = new(Thompson with { HalfLife = TimeSpan.FromHours(1) });
        for (int i = 0; i < 8; i++)
        {
            world.Memory.Answered("r", "a=model", 1, null);
            world.Memory.Reward("r", 0.5);
        }

        world.Time.Advance(TimeSpan.FromHours(2));
        _ = world.Ask("other");
        BanditArmStatus arm = world.Bandit.Describe()[0];
        Assert.Equal(2, arm.Weight, 1e-9);
        Assert.Equal(0.5, arm.MeanReward!.Value, 1e-9);
        Assert.Equal(8, arm.Rewards);
    }

    [Fact]
    public void A_reward_that_comes_twice_counts_once_and_an_unknown_one_not_at_all()
    {
        BanditWorld world = new(Thompson);
        world.Ask("known");
        Assert.Equal(RewardOutcome.Counted, world.Memory.Reward("known", 1));
        Assert.Equal(RewardOutcome.Repeated, world.Memory.Reward("known", 0));
        Assert.Equal(RewardOutcome.Unknown, world.Memory.Reward("unknown", 1));
        Assert.Equal(1, world.Bandit.Describe().Sum(static arm => arm.Weight));
        Assert.Equal(1, world.Memory.UnknownRewards);
    }

    [Fact]
    public void A_reward_after_its_window_is_unknown_and_silence_counts_where_it_is_said_to()
    {
        BanditWorld world = new(Thompson with { Window = TimeSpan.FromMinutes(10), RewardIfNone = 0 });
        world.Ask("late");
        world.Ask("rewarded");
        world.Memory.Reward("rewarded", 1);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(RewardOutcome.Unknown, world.Memory.Reward("late", 1));
        Assert.Equal((2.0, 1L), (world.Bandit.Describe().Sum(static arm => arm.Weight), world.Memory.UnknownRewards));
        Assert.Equal(2, world.Memory.Log.Count);
        Assert.Equal(1, world.Memory.Log.Sum(static one => one.Reward));
    }

    [Fact]
    public void Open_decisions_and_the_log_are_bounded()
    {
        BanditWorld world = new(Thompson with { MaxOpen = 10, Log = 5 });
        for (int i = 0; i < 30; i++)
        {
            world.Ask($"r{i}");
        }

        Assert.Equal((10, 20L), (world.Memory.Open.Count, world.Memory.Open.PushedOut));
        Assert.Equal(RewardOutcome.Unknown, world.Memory.Reward("r19", 1));
        for (int i = 20; i < 30; i++)
        {
            Assert.Equal(RewardOutcome.Counted, world.Memory.Reward($"r{i}", 1));
        }

        Assert.Equal(5, world.Memory.Log.Count);
    }

    [Fact]
    public void Open_decisions_are_found_whatever_came_and_went_before()
    {
        Random random = new(7);
        OpenDecisions open = new();
        Queue<(ulong Id, long At)> expected = new();
        long now = 0;
        for (int step = 0; step < 20_000; step++)
        {
            now += random.Next(3);
            if (random.Next(3) > 0)
            {
                ulong id = (ulong)random.Next(500);
                open.Add(new OpenDecision(id, "a", 0.5, null, now), most: 300);
                expected.Enqueue((id, now));
                if (expected.Count > 300)
                {
                    expected.Dequeue();
                }
            }
            else
            {
                long since = now - random.Next(600);
                while (open.TakeOver(since) is { } over)
                {
                    Assert.Equal(expected.Dequeue(), (over.Id, over.At));
                }

                Assert.True(expected.Count == 0 || expected.Peek().At > since);
            }

            ulong asked = (ulong)random.Next(500);
            Assert.Equal(expected.Where(one => one.Id == asked).Select(static one => (long?)one.At).LastOrDefault(), open.Find(asked)?.At);
        }

        Assert.Equal(expected, open.ToArray().Select(static one => (one.Id, one.At)));
    }

    [Fact]
    public void Of_decisions_with_one_id_the_latest_gets_the_reward()
    {
        BanditWorld world = new(Thompson);
        world.Memory.Answered("same", "a=model", 0.5, null);
        world.Memory.Answered("same", "b=model", 0.5, null);
        world.Memory.Reward("same", 1);
        Assert.Equal([0.0, 1.0], world.Bandit.Describe().Select(static arm => arm.Weight));
    }

    [Fact]
    public void A_failure_is_the_least_reward()
    {
        BanditWorld world = new(Thompson with { RewardFrom = -5, RewardTo = 5 });
        world.Bandit.Choose((double[]?)null, world.Random).Failed();
        BanditArmStatus arm = Assert.Single(world.Bandit.Describe(), static one => one.Weight > 0);
        Assert.Equal(-5, arm.MeanReward);
    }

    [Fact]
    public void Priors_speak_before_rewards_do()
    {
        BanditWorld world = new(Thompson with { Priors = new Dictionary<string, BanditPrior> { ["b"] = new(90, 10) } });
        Assert.InRange(world.Shares()[1], 0.85, 0.95);
    }

    [Theory]
    [InlineData(BanditKind.Ucb1)]
    [InlineData(BanditKind.EpsilonGreedy)]
    [InlineData(BanditKind.Thompson)]
    public void Before_any_reward_arms_share_evenly(BanditKind kind) =>
        Assert.All(new BanditWorld(new BanditDefinition(kind), arms: 4).Shares(4000), static share => Assert.InRange(share, 0.21, 0.29));

    [Fact]
    public void LinUCB_learns_which_arm_suits_which_context()
    {
        BanditDefinition definition = new(BanditKind.LinUcb) { Floor = 0, Context = [new ContextField(new KeySource(KeySourceKind.Parameter, "x"))] };
        BanditWorld world = new(definition);
        int right = 0;
        for (int i = 0; i < 3000; i++)
        {
            double[] context = [1, world.Random.NextDouble() < 0.5 ? 1 : -1];
            int best = context[1] > 0 ? 0 : 1;
            int arm = world.Ask("r", context);
            world.Memory.Reward("r", world.Random.NextDouble() < (arm == best ? 0.7 : 0.4) ? 1 : 0);
            right += i >= 1500 && arm == best ? 1 : 0;
        }

        Assert.InRange(right, 1350, 1500);
        Assert.Equal(0.7, world.Memory.Of("a=model").Model.Estimate([1, 1]), 0.1);
    }

    [Fact]
    public void What_was_learned_outlives_another_policy_but_not_another_meaning_of_rewards()
    {
        BanditWorld world = new(Thompson);
        world.Ask("r");
        world.Become(new BanditDefinition(BanditKind.Ucb1));
        Assert.Equal(RewardOutcome.Counted, world.Memory.Reward("r", 1));
        world.Become(Thompson with { Metric = "revenue" });
        Assert.Equal(0, world.Bandit.Describe().Sum(static arm => arm.Weight));
    }
}
