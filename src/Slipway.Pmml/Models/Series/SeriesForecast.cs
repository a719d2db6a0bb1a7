using Slipway.Pmml.Documents;

namespace Slipway.Pmml.Models.Series;

/// <summary>The forecasts of a time series for the next steps, with their variance where the model has one.</summary>
internal sealed class SeriesForecast
{
    private readonly Func<double, double> _toSeries;
    private readonly double[] _means;
    private readonly double[]? _variances;

    /// <param name="element">The algorithm's element, whose <c>transformation</c> says on which scale the model works.</param>
    /// <param name="means">Forecasts on the model's scale.</param>
    /// <param name="variances">Their variances on that scale; null: not known.</param>
    public SeriesForecast(PmmlElement element, double[] means, double[]? variances = null)
    {
        (_toSeries, _means, _variances) = (SeriesScale.ToSeries(element), means, variances);
    }

    /// <summary>Whether intervals can be given.</summary>
    public bool HasVariances => _variances is not null;

    /// <summary>The forecast.</summary>
    /// <param name="step">How many steps ahead, from 1.</param>
    public double Value(int step) => _toSeries(_means[step - 1]);

    /// <summary>A bound of the forecast.</summary>
    /// <param name="step">How many steps ahead, from 1.</param>
    /// <param name="deviations">How many standard deviations above the forecast; below when negative.</param>
    public double Bound(int step, double deviations) => _toSeries(_means[step - 1] + (deviations * Math.Sqrt(_variances![step - 1])));
}
