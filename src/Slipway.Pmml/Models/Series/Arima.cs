using System.Globalization;
using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>
/// Forecasts of an autoregressive integrated model, seasonal or not, by conditional least squares: the differences and the autoregression are multiplied out
/// into one recursion over the last values; innovations yet to come are 0 (Box and Jenkins, Time Series Analysis, chapter 5).
/// </summary>
internal static class Arima
{
    private const int MaxOrder = 1_000;

    /// <summary>The forecasts of the next steps.</summary>
    /// <param name="element">The element <c>ARIMA</c>.</param>
    /// <param name="history">Values of the series, oldest first.</param>
    /// <param name="steps">How many steps.</param>
    public static double[] Forecast(PmmlElement element, double[] history, int steps)
    {
        if (element.Attribute("predictionMethod") is { } method and not "conditionalLeastSquares")
        {
            throw PmmlError.NotSupported(element, $"predictionMethod=\"{method}\"");
        }

        if (element.Child("DynamicRegressor") is { } regressor)
        {
            throw PmmlError.NotSupported(regressor, "a regressor of a time series");
        }

        double[] recursion = [1];
        foreach (PmmlElement component in element.Children.Where(static child => child.Name is "NonseasonalComponent" or "SeasonalComponent"))
        {
            bool isSeasonal = component.Name == "SeasonalComponent";
            int period = isSeasonal ? component.Integer("period") ?? throw PmmlError.Invalid(component, "has no attribute 'period'") : 1;
            recursion = Multiply(component, recursion, Polynomial(component, Coefficients(component.Child("AR")), period));
            for (int i = 0; i < (component.Integer(isSeasonal ? "D" : "d") ?? 0); i++)
            {
                recursion = Multiply(component, recursion, Polynomial(component, [1], period));
            }

            // Producers do not agree on the sign of these coefficients.
            if (component.Child("MA") is { Children.Count: > 0 } average)
            {
                throw PmmlError.NotSupported(average, "a moving average");
            }
        }

        if (history.Length < recursion.Length - 1)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"needs {recursion.Length - 1} past values, and the document has {history.Length}"));
        }

        double[] values = [.. history.Select(value => ExponentialSmoothing.Transform(element, value)), .. new double[steps]];
        double constant = element.Number("constantTerm") ?? 0;
        for (int step = 0; step < steps; step++)
        {
            int at = history.Length + step;
            double value = constant;
            for (int lag = 1; lag < recursion.Length; lag++)
            {
                value -= recursion[lag] * values[at - lag];
            }

            values[at] = value;
        }

        return [.. values[history.Length..].Select(value => ExponentialSmoothing.Untransform(element, value))];
    }

    private static double[] Coefficients(PmmlElement? parent) => parent is not null && PmmlArray.IsIn(parent) ? PmmlArray.NumbersIn(parent) : [];

    // 1 - c1 B^s - c2 B^2s - …
    private static double[] Polynomial(PmmlElement component, double[] coefficients, int period)
    {
        if (period < 1 || (long)coefficients.Length * period > MaxOrder)
        {
            throw PmmlError.Invalid(component, string.Create(CultureInfo.InvariantCulture, $"reaches back more than {MaxOrder} steps"));
        }

        double[] polynomial = new double[(coefficients.Length * period) + 1];
        polynomial[0] = 1;
        for (int i = 0; i < coefficients.Length; i++)
        {
            polynomial[(i + 1) * period] = -coefficients[i];
        }

        return polynomial;
    }

    private static double[] Multiply(PmmlElement component, double[] left, double[] right)
    {
        if (left.Length + right.Length > MaxOrder)
        {
            throw PmmlError.Invalid(component, string.Create(CultureInfo.InvariantCulture, $"reaches back more than {MaxOrder} steps"));
        }

        double[] product = new double[left.Length + right.Length - 1];
        for (int i = 0; i < left.Length; i++)
        {
            for (int j = 0; j < right.Length; j++)
            {
                product[i + j] += left[i] * right[j];
            }
        }

        return product;
    }
}
