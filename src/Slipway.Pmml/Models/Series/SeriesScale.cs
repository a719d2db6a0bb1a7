using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>The attribute <c>transformation</c> of a time series algorithm: the scale on which it works.</summary>
internal static class SeriesScale
{
    /// <summary>From the model's scale to that of the series.</summary>
    public static Func<double, double> ToSeries(PmmlElement element) => element.Attribute("transformation") switch
    {
        null or "none" => static value => value,
        "logarithmic" => Math.Exp,
        "squareroot" => static value => value * value,
        var other => throw PmmlError.NotSupported(element, $"transformation=\"{other}\""),
    };

    /// <summary>From the scale of the series to the model's.</summary>
    public static Func<double, double> ToModel(PmmlElement element) => element.Attribute("transformation") switch
    {
        null or "none" => static value => value,
        "logarithmic" => Math.Log,
        "squareroot" => Math.Sqrt,
        var other => throw PmmlError.NotSupported(element, $"transformation=\"{other}\""),
    };
}
