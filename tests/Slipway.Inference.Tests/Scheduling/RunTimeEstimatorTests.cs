using Slipway.Inference.Scheduling;

namespace Slipway.Inference.Tests.Scheduling;

public sealed class RunTimeEstimatorTests
{
    [Fact]
    public void Unknown_model_counts_as_long() => Assert.Equal(long.MaxValue, new RunTimeEstimator().Estimate(100));

    [Fact]
    public void Other_sizes_are_guessed_rather_too_long_than_too_short()
    {
        RunTimeEstimator estimator = new();
        estimator.Add(bytes: 100, ticks: 50);

        Assert.Equal(50, estimator.Estimate(100));
        Assert.Equal(50, estimator.Estimate(1));
        Assert.Equal(200, estimator.Estimate(400));
        Assert.Equal(long.MaxValue, MostOf(estimator));
    }

    [Fact]
    public void Average_follows_a_change_but_one_outlier_hardly_moves_it()
    {
        RunTimeEstimator estimator = new();
        estimator.Add(100, 40);
        estimator.Add(100, 1_000_000);
        Assert.InRange(estimator.Estimate(100), 41, 60);
        for (int i = 0; i < 60; i++)
        {
            estimator.Add(100, 4000);
        }

        Assert.InRange(estimator.Estimate(100), 3500, 4000);
        for (int i = 0; i < 100; i++)
        {
            estimator.Add(100, 10);
        }

        Assert.InRange(estimator.Estimate(100), 10, 12);
    }

    // A huge run of a slow model: the guess must not overflow into a short one.
    private static long MostOf(RunTimeEstimator estimator)
    {
        estimator.Add(1, long.MaxValue / 4);
        return new[] { estimator.Estimate(1), Guess() }.Max();

        static long Guess()
        {
            RunTimeEstimator slow = new();
            slow.Add(1, long.MaxValue / 4);
            return slow.Estimate(long.MaxValue);
        }
    }
}
