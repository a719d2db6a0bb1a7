namespace Slipway.Statistics.Tests;

public sealed class FixedSampleTests
{
    [Theory]
    [InlineData(10, 100, 20, 110)]
    [InlineData(0, 5, 3, 4)]
    [InlineData(300, 1000, 320, 1000)]
    [InlineData(900, 1000, 880, 1000)]
    public void Probability_and_loss_equal_the_double_integral(long eventsA, long trialsA, long eventsB, long trialsB)
    {
        // Midpoints over both densities, the inner one as an incomplete beta function.
        const int steps = 40_000;
        (double better, double loss) = (0, 0);
        double normal = BetaFunction.Log(1 + eventsA, 1 + trialsA - eventsA);
        double meanB = (1.0 + eventsB) / (2 + trialsB);
        for (int i = 0; i < steps; i++)
        {
            double x = (i + 0.5) / steps;
            double density = Math.Exp((eventsA * Math.Log(x)) + ((trialsA - eventsA) * Math.Log(1 - x)) - normal) / steps;
            double below = BetaFunction.Regularized(x, 1 + eventsB, 1 + trialsB - eventsB);
            better += density * (1 - below);
            loss += density * ((x * below) - (meanB * BetaFunction.Regularized(x, 2 + eventsB, 1 + trialsB - eventsB)));
        }

        Assert.Equal(better, BetaBinomial.ProbabilityBetter(eventsA, trialsA, eventsB, trialsB), 1e-6);
        Assert.Equal(loss, BetaBinomial.ExpectedLoss(eventsA, trialsA, eventsB, trialsB), 1e-6);
    }

    [Fact]
    public void The_same_counts_are_an_even_chance() => Assert.Equal(0.5, BetaBinomial.ProbabilityBetter(70, 1000, 70, 1000), 1e-9);

    // Newcombe 1998, table II, method 10.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    [InlineData(10, 10, 0, 20, 0.6791, 1.0000)]
    public void Newcombes_own_examples(long events1, long trials1, long events2, long trials2, double low, double high)
    {
        Interval interval = Proportions.Newcombe(events1, trials1, events2, trials2);
        Assert.Equal(low, interval.Low, 6e-5);
        Assert.Equal(high, interval.High, 6e-5);
    }

    [Fact]
    public void McNemars_test_is_the_binomial_of_the_pairs_that_differ()
    {
        // 2·P(Binomial(10, 1/2) ≥ 9) = 2·11/1024.
        Assert.Equal(22.0 / 1024, Proportions.McNemar(9, 1), 1e-12);
        Assert.Equal(1, Proportions.McNemar(5, 5), 1e-12);
        Assert.Equal(1, Proportions.McNemar(0, 0));
    }

    [Fact]
    public void CUPED_leaves_one_minus_the_squared_correlation_of_the_variance_and_the_difference_unharmed()
    {
        const double rho = 0.8;
        GaussianSource random = new(3);
        (Cuped control, Cuped treatment) = (default, default);
        for (int i = 0; i < 20_000; i++)
        {
            double before = random.Next();
            double metric = (rho * before) + (Math.Sqrt(1 - (rho * rho)) * random.Next());
            if (i % 2 == 0)
            {
                control = control.Add(before, metric);
            }
            else
            {
                treatment = treatment.Add(before, metric + 0.1);
            }
        }

        Cuped all = control.Plus(treatment);
        Assert.Equal(1 - (rho * rho), all.VarianceLeft, 0.02);
        Moments first = control.Adjusted(all.Theta, all.Before.Mean);
        Moments second = treatment.Adjusted(all.Theta, all.Before.Mean);
        Assert.Equal(1 - (rho * rho), first.Variance / control.Metric.Variance, 0.02);

        // Standard error of the adjusted difference is 0.6·√(2/10,000) = 0.0085.
        Assert.Equal(0.1, second.Mean - first.Mean, 0.03);
    }

    [Fact]
    public void Moments_merge_to_what_one_pass_gives()
    {
        GaussianSource random = new(9);
        (Moments all, Moments left, Moments right) = (default, default, default);
        for (int i = 0; i < 1000; i++)
        {
            double value = 1e6 + random.Next();
            all = all.Add(value);
            (left, right) = i % 3 == 0 ? (left.Add(value), right) : (left, right.Add(value));
        }

        Moments merged = left.Plus(right);
        Assert.Equal(1, merged.Mean / all.Mean, 1e-12);
        Assert.Equal(1, merged.Variance / all.Variance, 1e-9);
    }

    [Fact]
    public void Benjamini_and_Hochberg_take_the_largest_rank_below_its_line()
    {
        // Benjamini and Hochberg 1995, section 3.2: 15 p-values, four are believed at 5%.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000];
        Assert.Equal(4, MultipleTests.BenjaminiHochberg(p, 0.05).Count(believed => believed));
        Assert.Equal(4, MultipleTests.EBenjaminiHochberg([.. p.Select(one => 1 / one)], 0.05).Count(believed => believed));
        Assert.Empty(MultipleTests.BenjaminiHochberg([], 0.05));
    }

    [Fact]
    public void Mann_and_Whitneys_test_of_an_example_by_hand()
    {
        // Ranks of the first sample are 1 to 5: U = 0, σ² = 25·11/12, z = 12/4.787.
        Assert.Equal(2 * Normal.Cdf(-12 / Math.Sqrt(25 * 11 / 12.0)), MannWhitney.PValue([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 1e-12);
        Assert.Equal(1, MannWhitney.PValue([1, 1], [1, 1]));
    }
}
