using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>Forecasts by exponential smoothing: a level and perhaps a trend (Hyndman and others, Forecasting with Exponential Smoothing).</summary>
internal static class ExponentialSmoothing
{
    /// <summary>The forecasts of the next steps.</summary>
    public static double[] Forecast(PmmlElement element, int steps)
    {
        double level = element.RequiredChild("Level").RequiredNumber("smoothedValue");
        PmmlElement? trend = element.Child("Trend_ExpoSmooth") ?? element.Child("Trend");
        string kind = trend?.Attribute("trend") ?? (trend is null ? "none" : "additive");
        double slope = trend?.Number("smoothedValue") ?? 0;
        double damping = kind.StartsWith("damped", StringComparison.Ordinal) ? trend!.Number("phi") ?? 1 : 1;
        if (element.Child("Seasonality_ExpoSmooth") is { } seasonality)
        {
            // Which season the last value belongs to, documents do not say in a way that producers agree on.
            throw PmmlError.NotSupported(seasonality, "a season");
        }

        if (kind is not ("none" or "additive" or "damped_additive" or "multiplicative" or "damped_multiplicative"))
        {
            throw PmmlError.NotSupported(trend!, $"trend=\"{kind}\"");
        }

        double[] forecast = new double[steps];
        double reach = 0;
        double factor = 1;
        for (int step = 1; step <= steps; step++)
        {
            factor *= damping;
            reach += damping == 1 ? 1 : factor;
            double value = kind.EndsWith("multiplicative", StringComparison.Ordinal) ? level * Math.Pow(slope, reach) : level + (reach * slope);
            forecast[step - 1] = Untransform(element, value);
        }

        return forecast;
    }

    /// <summary>A value on the scale of the series, where the model works on another.</summary>
    public static double Untransform(PmmlElement element, double value) => element.Attribute("transformation") switch
    {
        null or "none" => value,
        "logarithmic" => Math.Exp(value),
        "squareroot" => value * value,
        var other => throw PmmlError.NotSupported(element, $"transformation=\"{other}\""),
    };

    /// <summary>A value of the series on the scale of the model.</summary>
    public static double Transform(PmmlElement element, double value) => element.Attribute("transformation") switch
    {
        "logarithmic" => Math.Log(value),
        "squareroot" => Math.Sqrt(value),
        _ => value,
    };
}
