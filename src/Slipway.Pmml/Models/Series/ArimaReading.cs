namespace Slipway.Pmml.Models.Series;

/// <summary>
/// One way to read an ARIMA element: Σ aᵢ y(t-i) = c + Σ mⱼ e(t-j), with a₀ = m₀ = 1. Innovations before the series are 0 (conditional least squares).
/// </summary>
/// <param name="Values">The coefficients a, differences included.</param>
/// <param name="Shocks">The coefficients m.</param>
/// <param name="Constant">The constant c.</param>
internal sealed record ArimaReading(double[] Values, double[] Shocks, double Constant)
{
    /// <summary>What the series deviates from its one-step forecasts by; 0 where there is too little before.</summary>
    public double[] Innovations(double[] series)
    {
        double[] innovations = new double[series.Length];
        for (int at = Values.Length - 1; at < series.Length; at++)
        {
            innovations[at] = series[at] - Forecast(series, innovations, at);
        }

        return innovations;
    }

    /// <summary>The forecasts of the next steps.</summary>
    /// <param name="series">The series.</param>
    /// <param name="innovations">Its innovations, as many.</param>
    /// <param name="steps">How many steps.</param>
    public double[] Forecast(double[] series, double[] innovations, int steps, int reach)
    {
        // Only what lies within reach matters; innovations yet to come are 0.
        int before = Math.Min(series.Length, reach);
        double[] values = [.. series[^before..], .. new double[steps]];
        double[] shocks = [.. innovations[^before..], .. new double[steps]];
        for (int step = 0; step < steps; step++)
        {
            values[before + step] = Forecast(values, shocks, before + step);
        }

        return values[before..];
    }

    /// <summary>Variances of the forecasts of the next steps, as multiples of that of an innovation: sums of squared weights of past innovations.</summary>
    public double[] Spread(int steps)
    {
        double[] weights = new double[steps];
        double[] spread = new double[steps];
        double sum = 0;
        for (int step = 0; step < steps; step++)
        {
            double weight = step < Shocks.Length ? Shocks[step] : 0;
            for (int lag = 1; lag < Values.Length && lag <= step; lag++)
            {
                weight -= Values[lag] * weights[step - lag];
            }

            weights[step] = weight;
            spread[step] = sum += weight * weight;
        }

        return spread;
    }

    private double Forecast(double[] values, double[] shocks, int at)
    {
        double value = Constant;
        for (int lag = 1; lag < Values.Length && lag <= at; lag++)
        {
            value -= Values[lag] * values[at - lag];
        }

        for (int lag = 1; lag < Shocks.Length && lag <= at; lag++)
        {
            value += Shocks[lag] * shocks[at - lag];
        }

        return value;
    }
}
