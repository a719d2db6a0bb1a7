using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Models.Regression;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.General;

/// <summary><c>GeneralRegressionModel</c>: linear, generalised linear and multinomial models by their parameters.</summary>
internal sealed class GeneralRegressionPlan : ModelPlan
{
    private readonly Predictor[] _predictors;
    private readonly int[] _places;
    private readonly int _reference;
    private readonly string _type;
    private readonly Func<double, double> _inverse;
    private readonly Expression? _offset;
    private readonly Expression? _trials;

    private GeneralRegressionPlan(
        ModelResult result, string type, Predictor[] predictors, int[] places, int reference, Func<double, double> inverse, Expression? offset, Expression? trials)
        : base(result)
    {
        (_type, _predictors, _places, _reference, _inverse, _offset, _trials) = (type, predictors, places, reference, inverse, offset, trials);
    }

    private sealed record Predictor((GeneralTerm Term, double Beta)[] Terms)
    {
        public double Evaluate(Frame frame)
        {
            double sum = 0;
            foreach ((GeneralTerm term, double beta) in Terms)
            {
                sum += beta == 0 ? 0 : beta * term.Evaluate(frame);
            }

            return sum;
        }
    }

    /// <summary>Compiles the element.</summary>
    public static ModelPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        string type = element.Required("modelType");
        Dictionary<string, GeneralTerm> terms = TermsOf(model);
        Expression? offset = Field(model, "offsetVariable", "offsetValue");
        if (type == "CoxRegression")
        {
            return CoxRegressionPlan.Compile(model, terms);
        }

        if (type is not ("regression" or "generalLinear" or "generalizedLinear" or "multinomialLogistic" or "ordinalMultinomial"))
        {
            throw PmmlError.NotSupported(element, $"modelType=\"{type}\"");
        }

        PmmlElement[] cells = [.. element.RequiredChild("ParamMatrix").ChildrenNamed("PCell")];
        Func<double, double> inverse = InverseOf(element, type);
        ModelResult result = model.NewResult();
        if (!model.IsClassification)
        {
            return new GeneralRegressionPlan(result, type, [Predict(cells, terms)], [0], -1, inverse, offset, Field(model, "trialsVariable", "trialsValue"));
        }

        return Classify(model, result, type, cells, terms, inverse, offset);
    }

    public override void Evaluate(Frame frame)
    {
        double shift = _offset?.Evaluate(frame) ?? 0;
        if (Result.Probabilities < 0)
        {
            double mean = _inverse(_predictors[0].Evaluate(frame) + shift) * (_trials?.Evaluate(frame) ?? 1);
            frame[Result.Value] = double.IsNaN(mean) ? Cell.Missing : mean;
            return;
        }

        Span<double> scores = Result.ProbabilitiesOf(frame);
        for (int i = 0; i < _predictors.Length; i++)
        {
            double score = _predictors[i].Evaluate(frame) + shift;
            if (double.IsNaN(score))
            {
                scores.Fill(Cell.Missing);
                return;
            }

            scores[_places[i]] = score;
        }

        if (_reference >= 0)
        {
            scores[_reference] = 0;
        }

        Normalize(scores);
        Result.Decide(frame);
    }

    private void Normalize(Span<double> scores)
    {
        switch (_type)
        {
            case "ordinalMultinomial":
                double below = 0;
                for (int i = 0; i < scores.Length; i++)
                {
                    double upTo = i == scores.Length - 1 ? 1 : _inverse(scores[i]);
                    scores[i] = upTo - below;
                    below = upTo;
                }

                break;
            case "generalizedLinear":
                scores[_places[0]] = _inverse(scores[_places[0]]);
                scores[_reference] = 1 - scores[_places[0]];
                break;
            default:
                LinkFunction.Softmax(scores);
                break;
        }
    }

    private static GeneralRegressionPlan Classify(
        ModelContext model, ModelResult result, string type, PmmlElement[] cells, Dictionary<string, GeneralTerm> terms, Func<double, double> inverse, Expression? offset)
    {
        PmmlElement element = model.Element;
        double[] named = [.. cells.Where(static cell => !string.IsNullOrEmpty(cell.Attribute("targetCategory"))).Select(cell => model.Category(cell, cell.Required("targetCategory"))).Distinct()];
        double? reference = element.Attribute("targetReferenceCategory") is { } text ? model.Category(element, text) : null;
        double[] declared = [.. model.Target?.ValidValues ?? []];
        if (named.Length == 0)
        {
            // Without categories in the cells they are about the category that is not the reference: of two the second.
            reference ??= declared.Length == 2 ? declared[0] : throw PmmlError.Invalid(element, "names no category in its ParamMatrix, and its target does not have two values");
            named = [.. declared.Where(value => value != reference)];
        }
        else
        {
            reference ??= declared.Except(named).Cast<double?>().FirstOrDefault();
        }

        result.WithProbabilities(type == "ordinalMultinomial"
            ? declared.Length > 0 ? declared : named
            : model.CategoriesWith(reference is { } left ? named.Append(left) : named));
        int place = reference is { } other ? result.IndexOf(other) : -1;
        if (type == "ordinalMultinomial")
        {
            // The last category needs no predictor.
            named = result.Categories[..^1];
            place = -1;
        }
        else if (type == "generalizedLinear" && (named.Length != 1 || place < 0))
        {
            throw PmmlError.NotSupported(element, "a generalizedLinear classification of other than two categories");
        }

        Predictor[] predictors = [.. named.Select(category => Predict(
            [.. cells.Where(cell => cell.Attribute("targetCategory") is not { Length: > 0 } of || model.Category(cell, of) == category)], terms))];
        int[] places = [.. named.Select(result.IndexOf)];
        return Array.IndexOf(places, -1) < 0
            ? new GeneralRegressionPlan(result, type, predictors, places, place, inverse, offset, null)
            : throw PmmlError.Invalid(element, "names a category in its ParamMatrix that its target does not have");
    }

    private static Predictor Predict(PmmlElement[] cells, Dictionary<string, GeneralTerm> terms) => new(
        [.. cells.Select(cell => (terms.GetValueOrDefault(cell.Required("parameterName")) ?? throw PmmlError.Invalid(cell, "names a parameter that is not in the ParameterList"), cell.RequiredNumber("beta")))]);

    private static Dictionary<string, GeneralTerm> TermsOf(ModelContext model)
    {
        Dictionary<string, GeneralTerm> terms = new(StringComparer.Ordinal);
        foreach (PmmlElement parameter in model.Element.RequiredChild("ParameterList").ChildrenNamed("Parameter"))
        {
            terms[parameter.Required("name")] = new GeneralTerm();
        }

        foreach (PmmlElement cell in model.Element.Child("PPMatrix")?.ChildrenNamed("PPCell") ?? [])
        {
            (terms.GetValueOrDefault(cell.Required("parameterName")) ?? throw PmmlError.Invalid(cell, "names a parameter that is not in the ParameterList")).Add(cell, model);
        }

        return terms;
    }

    private static Expression? Field(ModelContext model, string variable, string value) =>
        model.Element.Attribute(variable) is { } name
            ? model.Scope.Get(name, model.Element).Value.To(PmmlType.Double)
            : model.Element.Number(value) is { } constant ? new ConstantExpression(constant, PmmlType.Double) : null;

    private static Func<double, double> InverseOf(PmmlElement element, string type)
    {
        string name = type switch
        {
            "generalizedLinear" => element.Attribute("linkFunction") ?? "identity",
            "ordinalMultinomial" => element.Attribute("cumulativeLink") ?? element.Attribute("cumulativeLinkFunction") ?? "logit",
            _ => "identity",
        };
        double parameter = element.Number("linkParameter") ?? 1;
        return LinkFunction.Inverse(name) ?? name switch
        {
            "power" => parameter == 0 ? Math.Exp : y => Math.Pow(y, 1 / parameter),
            "oddspower" => parameter == 0 ? LinkFunction.Logistic : y => 1 / (1 + Math.Pow(1 + (parameter * y), -1 / parameter)),
            "negbin" => NegativeBinomial(element.Number("distParameter") ?? parameter),
            _ => throw PmmlError.NotSupported(element, $"the link function '{name}'"),
        };
    }

    private static Func<double, double> NegativeBinomial(double k) => y => 1 / (k * (Math.Exp(-y) - 1));
}
