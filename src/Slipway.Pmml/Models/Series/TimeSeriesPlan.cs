using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
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
    private readonly double[] _forecast;

    private TimeSeriesPlan(ModelResult result, Expression horizon, double[] forecast)
        : base(result)
    {
        (_horizon, _forecast) = (horizon, forecast);
    }

    /// <summary>Compiles the element.</summary>
    public static TimeSeriesPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        string kind = element.Required("bestFit");
        double[] forecast = kind switch
        {
            "ExponentialSmoothing" => ExponentialSmoothing.Forecast(element.RequiredChild("ExponentialSmoothing"), MaxSteps),
            "ARIMA" => Arima.Forecast(element.RequiredChild("ARIMA"), HistoryOf(element), MaxSteps),
            _ => throw PmmlError.NotSupported(element, $"bestFit=\"{kind}\""),
        };
        return new TimeSeriesPlan(model.NewResult(), Horizon(model), forecast);
    }

    public override void Evaluate(Frame frame)
    {
        double step = _horizon.Evaluate(frame);
        if (Cell.IsMissing(step))
        {
            return;
        }

        frame[Result.Value] = step >= 1 && step <= MaxSteps && step == Math.Floor(step)
            ? _forecast[(int)step - 1]
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
