using System.Globalization;
using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>
/// Forecasts by exponential smoothing: a level, perhaps a trend and seasons (Hyndman and others, Forecasting with Exponential Smoothing). Which season comes next is
/// found from the series, as documents do not say it in a way that producers agree on.
/// </summary>
internal static class ExponentialSmoothing
{
    private const int MaxPeriod = 1_000;

    /// <summary>The forecasts of the next steps.</summary>
    /// <param name="element">The element <c>ExponentialSmoothing</c>.</param>
    /// <param name="history">Values of the series, oldest first.</param>
    /// <param name="steps">How many steps.</param>
    public static SeriesForecast Forecast(PmmlElement element, double[] history, int steps)
    {
        double[] trend = Trend(element, steps);
        if (element.Child("Seasonality_ExpoSmooth") is not { } seasonality)
        {
            return new SeriesForecast(element, trend);
        }

        double[] seasons = Seasons(seasonality);
        bool isMultiplicative = seasonality.Required("type") switch
        {
            "additive" => false,
            "multiplicative" => true,
            var other => throw PmmlError.NotSupported(seasonality, $"type=\"{other}\""),
        };
        int next = Next(element, seasonality, seasons, isMultiplicative, Array.ConvertAll(history, value => SeriesScale.ToModel(element)(value)));
        for (int step = 0; step < steps; step++)
        {
            double season = seasons[(next + step) % seasons.Length];
            trend[step] = isMultiplicative ? trend[step] * season : trend[step] + season;
        }

        return new SeriesForecast(element, trend);
    }

    // Level and trend without seasons.
    private static double[] Trend(PmmlElement element, int steps)
    {
        double level = element.RequiredChild("Level").RequiredNumber("smoothedValue");
        PmmlElement? trend = element.Child("Trend_ExpoSmooth") ?? element.Child("Trend");
        string kind = trend?.Attribute("trend") ?? (trend is null ? "none" : "additive");
        if (kind is not ("none" or "additive" or "damped_additive" or "multiplicative" or "damped_multiplicative"))
        {
            throw PmmlError.NotSupported(trend!, $"trend=\"{kind}\"");
        }

        double slope = trend?.Number("smoothedValue") ?? 0;
        double damping = kind.StartsWith("damped", StringComparison.Ordinal) ? trend!.Number("phi") ?? 1 : 1;
        double[] forecast = new double[steps];
        double reach = 0;
        double factor = 1;
        for (int step = 1; step <= steps; step++)
        {
            factor *= damping;
            reach += damping == 1 ? 1 : factor;
            forecast[step - 1] = kind.EndsWith("multiplicative", StringComparison.Ordinal) ? level * Math.Pow(slope, reach) : level + (reach * slope);
        }

        return forecast;
    }

    private static double[] Seasons(PmmlElement seasonality)
    {
        double[] seasons = PmmlArray.NumbersIn(seasonality);
        int period = seasonality.Integer("period") ?? seasons.Length;
        return period == seasons.Length && period is > 0 and <= MaxPeriod
            ? seasons
            : throw PmmlError.Invalid(seasonality, string.Create(CultureInfo.InvariantCulture, $"has {seasons.Length} seasons of a period of {period}; expected as many, 1 to {MaxPeriod}"));
    }

    // The place among the seasons of the first step ahead: the one under which the last two periods of the series look most like level, trend and seasons.
    private static int Next(PmmlElement element, PmmlElement seasonality, double[] seasons, bool isMultiplicative, double[] series)
    {
        int period = seasons.Length;
        if (period == 1)
        {
            return 0;
        }

        if (series.Length < 2 * period)
        {
            throw PmmlError.NotSupported(seasonality, "a season without two periods of the series, from which the next season could be told,");
        }

        double[] base_ = Backward(element, 2 * period);
        double[] errors = new double[period];
        for (int next = 0; next < period; next++)
        {
            for (int back = 0; back < 2 * period; back++)
            {
                double season = seasons[(((next - 1 - back) % period) + period) % period];
                double error = series[^(back + 1)] - (isMultiplicative ? base_[back] * season : base_[back] + season);
                errors[next] += error * error;
            }
        }

        int best = Array.IndexOf(errors, errors.Min());
        double second = errors.Where((_, next) => next != best).Min();
        return 2 * errors[best] < second
            ? best
            : throw PmmlError.NotSupported(seasonality, "a season whose place the series does not tell");
    }

    // Level and trend of the last values, the last one first.
    private static double[] Backward(PmmlElement element, int count)
    {
        double level = element.RequiredChild("Level").RequiredNumber("smoothedValue");
        PmmlElement? trend = element.Child("Trend_ExpoSmooth") ?? element.Child("Trend");
        double slope = trend?.Number("smoothedValue") ?? 0;
        bool isFactor = trend?.Attribute("trend")?.EndsWith("multiplicative", StringComparison.Ordinal) == true;
        return [.. Enumerable.Range(0, count).Select(back => isFactor ? level / Math.Pow(slope, back) : level - (back * slope))];
    }
}
