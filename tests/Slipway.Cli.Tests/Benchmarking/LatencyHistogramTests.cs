using Slipway.Cli.Benchmarking;

namespace Slipway.Cli.Tests.Benchmarking;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void An_empty_histogram_has_no_latency()
    {
        LatencyHistogram histogram = new();
        Assert.Equal(TimeSpan.Zero, histogram.Percentile(99));
        Assert.Equal(TimeSpan.Zero, histogram.Mean);
    }

    // The exact answer is the value of that rank in the sorted list: compared over durations from 100 ns to a quarter of an hour.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_percentile_is_within_a_hundredth_of_the_exact_one(int seed)
    {
        Random random = new(seed);
        List<TimeSpan> durations = [];
        LatencyHistogram histogram = new();
        for (int i = 0; i < 20_000; i++)
        {
            TimeSpan duration = TimeSpan.FromTicks((long)Math.Exp(random.NextDouble() * Math.Log(9e9)));
            durations.Add(duration);
            histogram.Record(duration);
        }

        durations.Sort();
        Assert.All((double[])[0, 1, 25, 50, 75, 90, 99, 99.9, 100], percent =>
        {
            TimeSpan exact = durations[Math.Clamp((int)Math.Ceiling(percent / 100 * durations.Count) - 1, 0, durations.Count - 1)];
            TimeSpan found = histogram.Percentile(percent);
            Assert.InRange(found.Ticks, exact.Ticks * 0.99 - 1, exact.Ticks * 1.01 + 1);
        });
        Assert.Equal(durations[0], histogram.Min);
        Assert.Equal(durations[^1], histogram.Max);
        Assert.Equal(durations.Average(duration => duration.TotalMicroseconds), histogram.Mean.TotalMicroseconds, 0.2);
    }

    [Fact]
    public void Merging_gives_what_recording_into_one_would_have_given()
    {
        Random random = new(7);
        LatencyHistogram one = new(), first = new(), second = new();
        for (int i = 0; i < 1000; i++)
        {
            TimeSpan duration = TimeSpan.FromMicroseconds(random.Next(1, 1_000_000));
            one.Record(duration);
            (i % 3 == 0 ? first : second).Record(duration);
        }

        first.Add(second);
        Assert.Equal(one.Count, first.Count);
        Assert.Equal(one.Max, first.Max);
        Assert.All(Enumerable.Range(0, 101), percent => Assert.Equal(one.Percentile(percent), first.Percentile(percent)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MaxValue / 200)]
    public void The_ends_of_the_range_are_counted_too(long ticks)
    {
        LatencyHistogram histogram = new();
        histogram.Record(TimeSpan.FromTicks(ticks));
        Assert.Equal(1, histogram.Count);
        Assert.Equal(histogram.Max, histogram.Percentile(50) < histogram.Max ? histogram.Percentile(100) : histogram.Max);
    }
}
