namespace Slipway.Statistics.Tests;

/// <summary>Constants of the literature, computed anew: Armitage et al. 1969; Pocock 1977; O'Brien and Fleming 1979; Lan and DeMets 1983.</summary>
public sealed class GroupSequentialTests
{
    [Theory]
    [InlineData(1, 5.0)]
    [InlineData(2, 8.3)]
    [InlineData(3, 10.7)]
    [InlineData(4, 12.6)]
    [InlineData(5, 14.2)]
    [InlineData(10, 19.3)]
    [InlineData(20, 24.8)]
    [InlineData(50, 32.1)]
    public void Repeated_looks_inflate_a_nominal_error_of_five_percent(int looks, double percent)
    {
        double[] times = [.. Enumerable.Range(1, looks).Select(k => (double)k / looks)];
        double error = GroupSequential.CrossingProbability(times, [.. Enumerable.Repeat(Normal.Quantile(0.975), looks)]);
        // The table is rounded to a tenth; 50 looks give 32.045.
        Assert.Equal(percent, error * 100, 0.056);
    }

    [Theory]
    [InlineData(2, 2.178)]
    [InlineData(3, 2.289)]
    [InlineData(4, 2.361)]
    [InlineData(5, 2.413)]
    [InlineData(10, 2.555)]
    public void Pococks_constants(int looks, double expected) => Assert.Equal(expected, GroupSequential.PocockConstant(looks), 6e-4);

    [Theory]
    [InlineData(2, 1.977)]
    [InlineData(3, 2.004)]
    [InlineData(4, 2.024)]
    [InlineData(5, 2.040)]
    [InlineData(10, 2.087)]
    public void OBrien_and_Flemings_constants(int looks, double expected) => Assert.Equal(expected, GroupSequential.OBrienFlemingConstant(looks), 6e-4);

    [Fact]
    public void OBrien_and_Flemings_boundaries_of_five_looks()
    {
        double[] boundaries = GroupSequential.OBrienFleming(5, GroupSequential.OBrienFlemingConstant(5));
        foreach ((double expected, double actual) in new[] { 4.562, 3.226, 2.634, 2.281, 2.040 }.Zip(boundaries))
        {
            Assert.Equal(expected, actual, 1e-3);
        }
    }

    [Theory]
    [InlineData(0.1, 0.2, 0.7)]
    [InlineData(0.3, 0.35, 0.36)]
    [InlineData(0.05, 0.5, 0.95)]
    public void Spending_keeps_the_total_error_at_unequal_looks(double first, double second, double third)
    {
        double[] times = [first, second, third, 1];
        foreach (Func<double, double> spending in new[] { GroupSequential.OBrienFlemingSpending(0.05), GroupSequential.PocockSpending(0.05) })
        {
            Assert.Equal(0.05, GroupSequential.CrossingProbability(times, GroupSequential.Spend(times, spending)), 1e-4);
        }
    }
}
