using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.General;

/// <summary>Cox regression: the cumulative hazard up to the time that a row gives.</summary>
internal sealed class CoxRegressionPlan : ModelPlan
{
    private readonly (GeneralTerm Term, double Beta, double Reference)[] _terms;
    private readonly Expression _time;
    private readonly Expression? _stratum;
    private readonly Baseline[] _baselines;

    private CoxRegressionPlan(ModelResult result, (GeneralTerm Term, double Beta, double Reference)[] terms, Expression time, Expression? stratum, Baseline[] baselines)
        : base(result)
    {
        (_terms, _time, _stratum, _baselines) = (terms, time, stratum, baselines);
    }

    private sealed record Baseline(double Stratum, double MaxTime, double[] Times, double[] Hazards)
    {
        public double At(double time)
        {
            if (!(time <= MaxTime))
            {
                return Cell.Missing;
            }

            int at = Array.BinarySearch(Times, time);
            int place = at >= 0 ? at : ~at - 1;
            return place < 0 ? 0 : Hazards[place];
        }
    }

    public static CoxRegressionPlan Compile(ModelContext model, Dictionary<string, GeneralTerm> terms)
    {
        PmmlElement element = model.Element;
        Dictionary<string, double> references = element.RequiredChild("ParameterList").ChildrenNamed("Parameter")
            .ToDictionary(static parameter => parameter.Required("name"), static parameter => parameter.Number("referencePoint") ?? 0, StringComparer.Ordinal);
        (GeneralTerm, double, double)[] betas =
        [
            .. element.RequiredChild("ParamMatrix").ChildrenNamed("PCell").Select(cell => cell.Required("parameterName") is var name && terms.TryGetValue(name, out GeneralTerm? term)
                ? (term, cell.RequiredNumber("beta"), references[name])
                : throw PmmlError.Invalid(cell, "names a parameter that is not in the ParameterList")),
        ];
        Expression? stratum = element.Attribute("baselineStrataVariable") is { } variable ? model.Scope.Get(variable, element).Value : null;
        PmmlElement tables = element.RequiredChild("BaseCumHazardTables");
        PmmlElement[] strata = stratum is null ? [tables] : [.. tables.ChildrenNamed("BaselineStratum")];
        Baseline[] baselines = [.. strata.Select(table => Read(table, stratum is null ? 0 : model.Plan.Constant(table, table.Required("value"), stratum.Type)))];
        return new CoxRegressionPlan(
            model.NewResult(), betas, model.Scope.Get(element.Required("endTimeVariable"), element).Value.To(PmmlType.Double), stratum, baselines);
    }

    public override void Evaluate(Frame frame)
    {
        double risk = 0;
        foreach ((GeneralTerm term, double beta, double reference) in _terms)
        {
            risk += beta * (term.Evaluate(frame) - reference);
        }

        double time = _time.Evaluate(frame);
        double stratum = _stratum?.Evaluate(frame) ?? 0;
        Baseline? baseline = Array.Find(_baselines, each => each.Stratum == stratum);
        double hazard = baseline is null || double.IsNaN(time) ? Cell.Missing : baseline.At(time) * Math.Exp(risk);
        frame[Result.Value] = double.IsNaN(hazard) ? Cell.Missing : hazard;
    }

    private static Baseline Read(PmmlElement table, double stratum)
    {
        (double Time, double Hazard)[] cells =
            [.. table.ChildrenNamed("BaselineCell").Select(static cell => (cell.RequiredNumber("time"), cell.RequiredNumber("cumHazard"))).OrderBy(static cell => cell.Item1)];
        return new Baseline(stratum, table.RequiredNumber("maxTime"), [.. cells.Select(static cell => cell.Time)], [.. cells.Select(static cell => cell.Hazard)]);
    }
}
