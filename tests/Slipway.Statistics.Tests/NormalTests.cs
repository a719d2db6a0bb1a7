namespace Slipway.Statistics.Tests;

public sealed class NormalTests
{
    // Φ to 15 digits, from Abramowitz and Stegun, table 26.1, and the tail expansion 26.2.12.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-3, 0.00134989803163009)]
    [InlineData(-8, 6.22096057427178e-16)]
    public void Cdf_is_that_of_the_tables(double x, double expected) => Assert.Equal(1, Normal.Cdf(x) / expected, 1e-11);

    [Fact]
    public void Quantile_undoes_Cdf()
    {
        for (double p = 1e-10; p < 1; p = p < 0.01 ? p * 3 : p + 0.0137)
        {
            Assert.Equal(1, Normal.Cdf(Normal.Quantile(p)) / p, 1e-10);
        }
    }

    [Fact]
    public void The_incomplete_beta_function_is_a_binomial_tail_and_both_sides_add_up()
    {
        // P(Binomial(20, 0.3) ≥ 9) = 0.113331...: the sum itself.
        double tail = 0;
        for (int k = 9; k <= 20; k++)
        {
            tail += Math.Exp(BetaFunction.LogGamma(21) - BetaFunction.LogGamma(k + 1) - BetaFunction.LogGamma(21 - k)) * Math.Pow(0.3, k) * Math.Pow(0.7, 20 - k);
        }

        Assert.Equal(tail, BetaFunction.Regularized(0.3, 9, 12), 1e-13);
        Assert.Equal(1, BetaFunction.Regularized(0.07, 3, 900) + BetaFunction.Upper(0.07, 3, 900), 1e-13);
        Assert.Equal(Math.Log(24), BetaFunction.LogGamma(5), 1e-13);
        Assert.Equal(0.5 * Math.Log(Math.PI), BetaFunction.LogGamma(0.5), 1e-13);
    }
}
