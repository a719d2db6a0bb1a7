using System.Globalization;
using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>
/// Forecasts of an autoregressive integrated moving average, seasonal or not, by conditional least squares (Box and Jenkins, Time Series Analysis, chapter 5), or from
/// the state of the Kalman filter that the document brings. Producers do not agree on the sign of moving averages, nor on whether a constant is the mean: of the ways
/// to read a document that one is taken under which its own residuals, or else its own RMSE, come out.
/// </summary>
internal static class Arima
{
    // How near the document's own figures a reading must come: conditional and exact innovations differ a little.
    private const double Near = 0.5;

    /// <summary>The forecasts of the next steps.</summary>
    /// <param name="element">The element <c>ARIMA</c>.</param>
    /// <param name="history">Values of the series, oldest first.</param>
    /// <param name="steps">How many steps.</param>
    public static SeriesForecast Forecast(PmmlElement element, double[] history, int steps)
    {
        if (element.Child("DynamicRegressor") is { } regressor)
        {
            throw PmmlError.NotSupported(regressor, "a regressor of a time series");
        }

        if (element.Child("OutlierEffect") is { } outlier)
        {
            throw PmmlError.NotSupported(outlier, "the effect of an outlier on a time series");
        }

        if (element.Attribute("predictionMethod") is { } method and not "conditionalLeastSquares")
        {
            return element.Child("MaximumLikelihoodStat")?.Child("KalmanState") is { } state && state.Child("TransitionMatrix") is not null
                ? StateSpace.FromKalmanState(element, state, steps)
                : throw PmmlError.NotSupported(element, $"predictionMethod=\"{method}\" without a Kalman state that has its matrices");
        }

        double[] series = Array.ConvertAll(history, value => SeriesScale.ToModel(element)(value));
        double[] residuals = Residuals(element);
        ArimaReading reading = Choose(element, Readings(element), series, residuals);
        if (series.Length < reading.Values.Length - 1)
        {
            throw PmmlError.Invalid(element, string.Create(CultureInfo.InvariantCulture, $"needs {reading.Values.Length - 1} past values, and the document has {series.Length}"));
        }

        double[] innovations = reading.Innovations(series);
        int own = Math.Min(residuals.Length, innovations.Length);
        Array.Copy(residuals, residuals.Length - own, innovations, innovations.Length - own, own);
        double[]? variances = element.Number("RMSE") is { } error ? Array.ConvertAll(reading.Spread(steps), spread => spread * error * error) : null;
        return new SeriesForecast(element, reading.Forecast(series, innovations, steps, Math.Max(reading.Values.Length, reading.Shocks.Length)), variances);
    }

    private static List<ArimaReading> Readings(PmmlElement element)
    {
        double[] autoregression = [1];
        double[] differences = [1];
        double[] rising = [1];
        double[] falling = [1];
        foreach (PmmlElement component in element.Children.Where(static child => child.Name is "NonseasonalComponent" or "SeasonalComponent"))
        {
            bool isSeasonal = component.Name == "SeasonalComponent";
            int period = isSeasonal ? component.Integer("period") ?? throw PmmlError.Invalid(component, "has no attribute 'period'") : 1;
            double[] average = Numbers(component.Child("MA")?.Child("MACoefficients"));
            autoregression = LagPolynomial.Multiply(component, autoregression, LagPolynomial.Of(component, Numbers(component.Child("AR")), period, -1));
            rising = LagPolynomial.Multiply(component, rising, LagPolynomial.Of(component, average, period, 1));
            falling = LagPolynomial.Multiply(component, falling, LagPolynomial.Of(component, average, period, -1));
            for (int i = 0; i < (component.Integer(isSeasonal ? "D" : "d") ?? 0); i++)
            {
                differences = LagPolynomial.Multiply(component, differences, LagPolynomial.Of(component, [1], period, -1));
            }
        }

        double[] values = LagPolynomial.Multiply(element, autoregression, differences);
        double constant = element.Number("constantTerm") ?? 0;
        List<ArimaReading> readings = [new ArimaReading(values, rising, constant)];
        if (rising.Length > 1)
        {
            readings.Add(new ArimaReading(values, falling, constant));
        }

        // The mean of a series without differences, or what is left of it by the autoregression.
        if (constant != 0 && autoregression.Length > 1 && differences.Length == 1)
        {
            readings.AddRange([.. readings.Select(reading => reading with { Constant = constant * autoregression.Sum() })]);
        }

        return readings;
    }

    private static ArimaReading Choose(PmmlElement element, List<ArimaReading> readings, double[] series, double[] residuals)
    {
        if (readings.Count == 1)
        {
            return readings[0];
        }

        double? error = element.Number("RMSE");
        bool hasHistory = series.Length > 2 * readings[0].Values.Length;
        if (hasHistory && residuals.Any(static residual => residual != 0))
        {
            ArimaReading best = readings.MinBy(reading => Distance(reading, series, residuals))!;
            if (Distance(best, series, residuals) < Near)
            {
                return best;
            }
        }
        else if (hasHistory && error is > 0)
        {
            ArimaReading best = readings.MinBy(reading => Math.Abs((Deviation(reading, series) / error.Value) - 1))!;
            if (Math.Abs((Deviation(best, series) / error.Value) - 1) < Near)
            {
                return best;
            }
        }

        // Without a moving average only the constant is in question, which documents mostly mean as one.
        return readings[0].Shocks.Length == 1
            ? readings[0]
            : throw PmmlError.NotSupported(element, "a moving average whose sign neither the series and its residuals nor its RMSE tell");
    }

    // Relative to the residuals' own size.
    private static double Distance(ArimaReading reading, double[] series, double[] residuals)
    {
        double[] innovations = reading.Innovations(series);
        int count = Math.Min(residuals.Length, innovations.Length);
        double distance = 0;
        double size = 0;
        for (int i = 1; i <= count; i++)
        {
            distance += Math.Abs(residuals[^i] - innovations[^i]);
            size += Math.Abs(residuals[^i]);
        }

        return distance / size;
    }

    private static double Deviation(ArimaReading reading, double[] series)
    {
        double[] known = reading.Innovations(series)[(reading.Values.Length - 1)..];
        return Math.Sqrt(known.Sum(static innovation => innovation * innovation) / known.Length);
    }

    // A seasonal component needs more of them, and then they are the last ones of all.
    private static double[] Residuals(PmmlElement element) => element.Children
        .Select(static component => Numbers(component.Child("MA")?.Child("Residuals")))
        .MaxBy(static residuals => residuals.Length) ?? [];

    private static double[] Numbers(PmmlElement? parent) => parent is not null && PmmlArray.IsIn(parent) ? PmmlArray.NumbersIn(parent) : [];
}
