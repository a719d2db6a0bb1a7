using Slipway.Traffic.Bandits;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Tests.Bandits;

/// <summary>What policies cost compared with always choosing the best arm; seeds are fixed, so that the figures are.</summary>
public sealed class RegretTests
{
    private static readonly double[] Means = [0.5, 0.4, 0.3];

    [Fact]
    public void UCB1s_regret_is_below_its_bound()
    {
        const int n = 5000;
        double[] means = [0.9, 0.5, 0.1];
        double bound = means.Skip(1).Sum(mean => (8 * Math.Log(n) / (0.9 - mean)) + ((1 + (Math.PI * Math.PI / 3)) * (0.9 - mean)));
        for (ulong seed = 0; seed < 10; seed++)
        {
            // The bound is 261; choosing evenly would cost 2,000.
            Assert.InRange(Regret(new BanditDefinition(BanditKind.Ucb1), n, seed, means), 1, bound);
        }
    }

    [Fact]
    public void Thompsons_regret_grows_like_the_bound_of_Lai_and_Robbins()
    {
        // Σ Δ / KL(mean, best), per natural logarithm of the requests; the finite-sample offset cancels in the difference of two horizons.
        double slope = Means.Skip(1).Sum(mean => (0.5 - mean) / Divergence(mean, 0.5));
        double[] growth =
        [
            .. Enumerable.Range(0, 40).Select(seed => Regret(new BanditDefinition(BanditKind.Thompson), 16_000, (ulong)seed) - Regret(new BanditDefinition(BanditKind.Thompson), 2000, (ulong)seed)),
        ];
        Assert.InRange(growth.Average() / Math.Log(8), slope * 0.4, slope * 1.6);
    }

    [Fact]
    public void Thompson_and_epsilon_greedy_beat_an_even_division()
    {
        const int n = 4000;
        double even = n * (Means[0] - Means.Average());
        Assert.InRange(Enumerable.Range(0, 10).Average(seed => Regret(new BanditDefinition(BanditKind.Thompson), n, (ulong)seed)), 0, even / 3);
        Assert.InRange(Enumerable.Range(0, 10).Average(seed => Regret(new BanditDefinition(BanditKind.EpsilonGreedy), n, (ulong)seed)), 0, even / 1.5);
    }

    [Theory]
    [InlineData(BanditKind.Thompson)]
    [InlineData(BanditKind.Ucb1)]
    [InlineData(BanditKind.EpsilonGreedy)]
    public void Rewards_that_come_a_thousand_requests_late_are_learned_from(BanditKind kind)
    {
        BanditWorld world = new(new BanditDefinition(kind) { Floor = 0 }, arms: 3);
        Queue<(string Id, bool IsGood)> late = new();
        double even = 8000 * (0.9 - 0.5);
        double regret = 0;
        double[] means = [0.1, 0.9, 0.5];
        for (int i = 0; i < 8000; i++)
        {
            string id = $"r{i}";
            int arm = world.Ask(id);
            regret += 0.9 - means[arm];
            late.Enqueue((id, world.Random.NextDouble() < means[arm]));
            if (late.Count > 1000)
            {
                (string due, bool isGood) = late.Dequeue();
                Assert.Equal(RewardOutcome.Counted, world.Memory.Reward(due, isGood ? 1 : 0));
            }
        }

        Assert.InRange(regret, 0, even / 2);
    }

    private static double Divergence(double p, double q) => (p * Math.Log(p / q)) + ((1 - p) * Math.Log((1 - p) / (1 - q)));

    private static double Regret(BanditDefinition definition, int requests, ulong seed, double[]? rates = null)
    {
        double[] means = rates ?? Means;
        BanditWorld world = new(definition with { Floor = 0, Log = 0, MaxOpen = 1 }, means.Length, seed);
        double regret = 0;
        for (int i = 0; i < requests; i++)
        {
            int arm = world.Ask("r");
            regret += means[0] - means[arm];
            world.Memory.Reward("r", world.Random.NextDouble() < means[arm] ? 1 : 0);
        }

        return regret;
    }
}
