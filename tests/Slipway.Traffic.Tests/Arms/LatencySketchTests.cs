using Slipway.Traffic.Arms;

namespace Slipway.Traffic.Tests.Arms;

public sealed class LatencySketchTests
{
    [Fact]
    public void A_quantile_is_right_to_two_percent()
    {
        LatencySketch sketch = new();
        Random random = new(7);
        double[] all = [.. Enumerable.Range(0, 10_000).Select(_ => Math.Exp(random.NextDouble() * 12))];
        foreach (double microseconds in all)
        {
            sketch.Add(TimeSpan.FromMicroseconds(microseconds));
        }

        Array.Sort(all);
        foreach (double quantile in new[] { 0.01, 0.5, 0.95, 0.999 })
        {
            double exact = all[(int)Math.Ceiling(quantile * all.Length) - 1];
            double upper = LatencySketch.UpperOf(LatencySketch.QuantileBucket(sketch.Snapshot(), quantile)).TotalMicroseconds;

            // A tenth of a microsecond is the clock's own grain.
            Assert.InRange(upper, exact - 0.2, (exact * 1.021) + 0.2);
        }
    }

    [Fact]
    public void The_share_above_a_bucket_is_exact()
    {
        LatencySketch sketch = new();
        sketch.Add(TimeSpan.FromMilliseconds(1));
        sketch.Add(TimeSpan.FromMilliseconds(10));
        sketch.Add(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, LatencySketch.CountAbove(sketch.Snapshot(), LatencySketch.BucketOf(TimeSpan.FromMilliseconds(10))));
        Assert.Equal(3, LatencySketch.CountAbove(sketch.Snapshot(), -1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(864_000_000)]
    public void Extremes_stay_inside(long milliseconds) => Assert.InRange(LatencySketch.BucketOf(TimeSpan.FromMilliseconds(milliseconds)), 0, LatencySketch.Buckets - 1);

    [Fact]
    public void Nothing_counted_has_no_quantile() => Assert.Equal(-1, LatencySketch.QuantileBucket(new LatencySketch().Snapshot(), 0.5));
}
