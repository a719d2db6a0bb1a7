using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;

namespace Slipway.Traffic.Tests.Bandits;

public sealed class LinearModelTests
{
    [Fact]
    public void It_solves_the_ridge_regression()
    {
        // (I + Σ x xᵀ) θ = Σ r x, checked by putting the solution back in.
        const int features = 6;
        SeededRandom random = new(1);
        LinearSums sums = new(features);
        double[][] contexts = [.. Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, features).Select(_ => (random.NextDouble() * 4) - 2).ToArray())];
        foreach (double[] context in contexts)
        {
            sums.Add(context, random.NextDouble());
        }

        LinearModel model = new(sums);
        double[] weights = [.. Enumerable.Range(0, features).Select(i => model.Estimate(Unit(i)))];
        for (int i = 0; i < features; i++)
        {
            double left = weights[i] + contexts.Sum(context => context[i] * context.Zip(weights).Sum(static pair => pair.First * pair.Second));
            Assert.Equal(sums.Target[i], left, 1e-9);
        }

        double[] Unit(int i) => [.. Enumerable.Range(0, features).Select(k => k == i ? 1.0 : 0.0)];
    }

    [Fact]
    public void Its_spread_is_that_of_the_inverse_and_shrinks_with_rewards()
    {
        LinearSums sums = new(2);
        Assert.Equal(Math.Sqrt(5), new LinearModel(sums).Spread([1, 2]), 1e-12);
        sums.Add([1, 0], 1);

        // A = diag(2, 1).
        Assert.Equal(Math.Sqrt(4.5), new LinearModel(sums).Spread([1, 2]), 1e-12);
    }

    [Fact]
    public void Sums_of_two_replicas_add_up_to_those_of_one()
    {
        SeededRandom random = new(2);
        LinearSums all = new(3);
        LinearSums[] parts = [new(3), new(3)];
        for (int i = 0; i < 40; i++)
        {
            double[] context = [1, random.NextDouble(), random.NextDouble()];
            double reward = random.NextDouble();
            all.Add(context, reward);
            parts[i % 2].Add(context, reward);
        }

        parts[0].Add(parts[1]);
        Assert.Equal(new LinearModel(all).Estimate([1, 0.3, 0.8]), new LinearModel(parts[0]).Estimate([1, 0.3, 0.8]), 1e-12);
    }

    [Fact]
    public void Contexts_that_repeat_one_direction_for_ever_stay_solvable()
    {
        LinearSums sums = new(2);
        for (int i = 0; i < 100_000; i++)
        {
            sums.Add([10, 10], 1);
        }

        Assert.Equal(1, new LinearModel(sums).Estimate([10, 10]), 1e-3);
        Assert.True(double.IsFinite(new LinearModel(sums).Spread([10, -10])));
    }
}
