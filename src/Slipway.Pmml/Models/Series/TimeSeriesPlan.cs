using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Functions;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Series;

/// <summary>
/// <c>TimeSeriesModel</c>: the forecast for a number of steps ahead, which a row gives in the field <c>h</c> or <c>horizon</c> (whether or not the document
/// declares it). Forecasts are computed once, when the model is loaded.
/// </summary>
internal sealed class TimeSeriesPlan : ModelPlan
{
    /// <summary>Furthest step.</summary>
    public const int MaxSteps = 10_000;

    private readonly Expression _horizon;
    private readonly SeriesForecast _forecast;

    private TimeSeriesPlan(ModelResult result, Expression horizon, SeriesForecast forecast)
        : base(result)
    {
        (_horizon, _forecast) = (horizon, forecast);
    }

    /// <summary>Compiles the element.</summary>
    public static TimeSeriesPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        string kind = element.Required("bestFit");
        double[] history = HistoryOf(element);
        SeriesForecast forecast = kind switch
        {
            "ExponentialSmoothing" => ExponentialSmoothing.Forecast(element.RequiredChild(kind), history, MaxSteps),
            "ARIMA" => Arima.Forecast(element.RequiredChild(kind), history, MaxSteps),
            "StateSpaceModel" => StateSpace.Forecast(element.RequiredChild(kind), MaxSteps),
            _ => throw PmmlError.NotSupported(element, $"bestFit=\"{kind}\""),
        };
        return new TimeSeriesPlan(model.NewResult(), Horizon(model), forecast);
    }

    public override void Evaluate(Frame frame)
    {
        if (Step(frame) is { } step)
        {
            frame[Result.Value] = _forecast.Value(step);
        }
    }

    public override Expression? Feature(OutputRequest request)
    {
        if (request.Feature is not ("confidenceIntervalLower" or "confidenceIntervalUpper") || !_forecast.HasVariances)
        {
            return null;
        }

        // The value of such a field is the level in per cent.
        double level = request.Element.Number("value") ?? 95;
        if (level is not (> 0 and < 100))
        {
            throw PmmlError.Invalid(request.Element, $"asks for an interval of {level} per cent: expected more than 0 and less than 100");
        }

        double deviations = SpecialFunctions.NormalQuantile((1 + (level / 100)) / 2) * (request.Feature == "confidenceIntervalLower" ? -1 : 1);
        return new DelegateExpression(PmmlType.Double, frame => Step(frame) is { } step ? _forecast.Bound(step, deviations) : Cell.Missing);
    }

    private int? Step(Frame frame)
    {
        double step = _horizon.Evaluate(frame);
        if (Cell.IsMissing(step))
        {
            return null;
        }

        return step >= 1 && step <= MaxSteps && step == Math.Floor(step)
            ? (int)step
            : throw new EvaluationException("the horizon is not a whole number from 1 to 10000");
    }

    private static Expression Horizon(ModelContext model)
    {
        foreach (string name in (ReadOnlySpan<string>)["h", "horizon"])
        {
            if (model.Scope.Find(name) is { } declared)
            {
                return declared.Value.To(PmmlType.Double);
            }
        }

        int slot = model.Plan.AddSlot(Cell.Missing);
        model.Plan.Inputs.Add(new PlanInput("horizon", PmmlType.Double, slot));
        return new SlotExpression(slot, PmmlType.Double);
    }

    private static double[] HistoryOf(PmmlElement element)
    {
        PmmlElement? series = element.ChildrenNamed("TimeSeries").FirstOrDefault(static each => each.Attribute("usage") is null or "original")
            ?? element.ChildrenNamed("TimeSeries").FirstOrDefault(static each => each.Attribute("usage") == "logical");
        return series is null
            ? []
            : [.. series.ChildrenNamed("TimeValue").OrderBy(static value => value.Number("index") ?? 0).Select(static value => value.RequiredNumber("value"))];
    }
}
