namespace Slipway.Statistics.Tests;

/// <summary>Evidence of differences, beliefs about them, and Holm's procedure.</summary>
public sealed class ContrastTests
{
    [Fact]
    public void Evidence_reaches_its_threshold_just_where_the_interval_leaves_nothing()
    {
        foreach (double alpha in (double[])[0.05, 0.01, 0.001])
        {
            foreach (long count in (long[])[100, 1000, 20_000])
            {
                double boundary = MeanSequence.Boundary(count, alpha, 1000);
                foreach (double z in (double[])[boundary * 0.999, boundary * 1.001])
                {
                    Contrast contrast = new(z, 1, count);
                    Assert.Equal(MeanSequence.LogEvidence(contrast, alpha) >= -Math.Log(alpha), !MeanSequence.Asymptotic(contrast, alpha).Contains(0));
                }
            }
        }
    }

    [Fact]
    public void Evidence_without_an_effect_is_one_on_average_at_any_time()
    {
        // An e-value's mean is 1 at most; that of Gaussian data with a known variance is just 1.
        double sum = 0;
        const int runs = 200_000;
        GaussianSource random = new(1);
        for (int run = 0; run < runs; run++)
        {
            sum += Math.Exp(MeanSequence.LogEvidence(new Contrast(random.Next(), 1, 200), 0.5));
        }

        Assert.Equal(1, sum / runs, 0.02);
    }

    [Fact]
    public void A_normal_belief_is_that_of_tables()
    {
        Assert.Equal(0.975, NormalPosterior.ProbabilityPositive(new Contrast(1.959964, 1, 10)), 1e-6);

        // E[max(-X, 0)] of a standard normal is φ(0).
        Assert.Equal(0.3989423, NormalPosterior.ExpectedLoss(new Contrast(0, 1, 10)), 1e-6);
        Assert.Equal(0, NormalPosterior.ExpectedLoss(new Contrast(3, 0, 10)));
        Assert.Equal(3, NormalPosterior.ExpectedLoss(new Contrast(-3, 0, 10)));
    }

    [Fact]
    public void Differences_of_differences_add_their_variances()
    {
        Moments low = default;
        Moments high = default;
        for (int i = 0; i < 10; i++)
        {
            low = low.Add(i);
            high = high.Add(i + 5);
        }

        Contrast contrast = Contrast.Of(low, high);
        Assert.Equal((5.0, 10L), (contrast.Value, contrast.Count));
        Assert.Equal(2 * contrast.Variance, contrast.Minus(contrast).Variance, 1e-12);
        Assert.Equal(0, contrast.Minus(contrast).Value);
    }

    [Fact]
    public void Holm_stops_at_the_first_that_is_not_believed()
    {
        // 0.01 ≤ 0.05/3, 0.02 ≤ 0.05/2, 0.06 > 0.05: an example by hand.
        Assert.Equal([true, false, true], MultipleTests.Holm([0.01, 0.06, 0.02], 0.05));
        Assert.Equal([false, false], MultipleTests.Holm([0.03, 0.03], 0.05));
        Assert.Empty(MultipleTests.Holm([], 0.05));
    }
}
