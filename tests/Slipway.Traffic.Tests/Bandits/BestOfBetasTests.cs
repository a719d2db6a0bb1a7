using Slipway.Statistics;
using Slipway.Traffic.Bandits;

namespace Slipway.Traffic.Tests.Bandits;

public sealed class BestOfBetasTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 2, 2, 3)]
    [InlineData(120, 880, 100, 900)]
    [InlineData(1, 1, 5000, 5000)]
    [InlineData(40, 3, 2, 30)]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    public void Of_two_it_agrees_with_the_closed_form(double a, double b, double c, double d)
    {
        double[] best = new double[2];
        BestOfBetas.Probabilities([(a, b), (c, d)], best);
        double expected = a == Math.Floor(a) ? 1 - BetaBinomial.ProbabilityBetter((long)a - 1, (long)(a + b) - 2, (long)c - 1, (long)(c + d) - 2) : 0.5;
        Assert.Equal(expected, best[0], 0.005);
        Assert.Equal(1, best.Sum(), 1e-12);
    }

    [Fact]
    public void Of_many_equal_ones_each_is_as_likely()
    {
        double[] best = new double[32];
        BestOfBetas.Probabilities([.. Enumerable.Repeat((7.0, 5.0), 32)], best);
        Assert.All(best, static share => Assert.Equal(1.0 / 32, share, 1e-9));
    }

    [Theory]
    [InlineData(1e9, 1e9, 1e9, 1e9)]
    [InlineData(0.01, 0.01, 1e9, 0.01)]
    [InlineData(1e9, 0.01, 0.01, 1e9)]
    public void Extreme_laws_give_probabilities_all_the_same(double a, double b, double c, double d)
    {
        double[] best = new double[2];
        BestOfBetas.Probabilities([(a, b), (c, d)], best);
        Assert.All(best, static share => Assert.InRange(share, 0, 1));
        Assert.Equal(1, best.Sum(), 1e-9);
    }
}
