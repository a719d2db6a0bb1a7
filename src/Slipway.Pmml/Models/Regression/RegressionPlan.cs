using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Regression;

/// <summary><c>RegressionModel</c>: linear predictors and the normalisation of their values.</summary>
internal sealed class RegressionPlan : ModelPlan
{
    private readonly RegressionTable[] _tables;
    private readonly int[] _order;
    private readonly string _method;
    private readonly Func<double, double> _inverse;
    private readonly bool _isClassification;
    private readonly bool _isOrdinal;

    private RegressionPlan(ModelResult result, RegressionTable[] tables, int[] order, string method, Func<double, double> inverse, bool isClassification, bool isOrdinal)
        : base(result)
    {
        (_tables, _order, _method, _inverse, _isClassification, _isOrdinal) = (tables, order, method, inverse, isClassification, isOrdinal);
    }

    /// <summary>Compiles the element.</summary>
    public static RegressionPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        PmmlElement[] elements = [.. element.ChildrenNamed("RegressionTable")];
        if (elements.Length == 0)
        {
            throw PmmlError.Invalid(element, "has no RegressionTable");
        }

        string method = element.Attribute("normalizationMethod") ?? (element.Attribute("modelType") == "logisticRegression" ? "softmax" : "none");
        Func<double, double> inverse = LinkFunction.Inverse(method == "simplemax" ? "none" : method)
            ?? throw PmmlError.NotSupported(element, $"normalizationMethod=\"{method}\"");
        RegressionTable[] tables = [.. elements.Select(table => new RegressionTable(table, model))];
        ModelResult result = model.NewResult();
        if (!model.IsClassification)
        {
            return tables.Length == 1
                ? new RegressionPlan(result, tables, [0], method, inverse, false, false)
                : throw PmmlError.Invalid(element, "predicts a number and has more than one RegressionTable");
        }

        double[] categories = [.. elements.Select(table => model.Category(table, table.Required("targetCategory")))];
        if (categories.Distinct().Count() != categories.Length)
        {
            throw PmmlError.Invalid(element, "has two RegressionTable elements for one category");
        }

        // Ordinal probabilities are differences between neighbours: the order is the target's.
        bool isOrdinal = model.Target?.OpType == OpType.Ordinal && method is not ("none" or "softmax" or "simplemax");
        result.WithProbabilities(isOrdinal ? model.CategoriesWith(categories) : categories);
        return new RegressionPlan(result, tables, [.. categories.Select(result.IndexOf)], method, inverse, true, isOrdinal);
    }

    public override void Evaluate(Frame frame)
    {
        if (!_isClassification)
        {
            double value = _tables[0].Evaluate(frame);
            frame[Result.Value] = Cell.IsMissing(value) ? value : Result.Type.Kind == PmmlKind.Float ? (float)_inverse(value) : _inverse(value);
            return;
        }

        Span<double> scores = Result.ProbabilitiesOf(frame);
        for (int i = 0; i < _tables.Length; i++)
        {
            scores[_order[i]] = _tables[i].Evaluate(frame);
        }

        foreach (double score in scores)
        {
            if (Cell.IsMissing(score))
            {
                scores.Fill(Cell.Missing);
                return;
            }
        }

        Normalize(scores);
        Result.Decide(frame);
    }

    private void Normalize(Span<double> scores)
    {
        if (_isOrdinal)
        {
            double below = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                double upTo = i == scores.Length - 1 ? 1 : _inverse(scores[i]);
                scores[i] = upTo - below;
                below = upTo;
            }

            return;
        }

        switch (_method)
        {
            case "softmax":
                LinkFunction.Softmax(scores);
                return;
            case "simplemax":
                Divide(scores);
                return;
            case "none":
                Complete(scores);
                return;
            default:
                foreach (ref double score in scores)
                {
                    score = _inverse(score);
                }

                if (scores.Length == 2)
                {
                    scores[1] = 1 - scores[0];
                }
                else
                {
                    Divide(scores);
                }

                return;
        }
    }

    // The last probability is what the others leave.
    private static void Complete(Span<double> scores)
    {
        double sum = 0;
        foreach (double score in scores[..^1])
        {
            sum += score;
        }

        scores[^1] = 1 - sum;
    }

    private static void Divide(Span<double> scores)
    {
        double sum = 0;
        foreach (double score in scores)
        {
            sum += score;
        }

        if (sum != 0)
        {
            foreach (ref double score in scores)
            {
                score /= sum;
            }
        }
    }
}
