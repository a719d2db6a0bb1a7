using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Regression;
using Slipway.Pmml.Results;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Bayes;

/// <summary><c>NaiveBayesModel</c>: counts and distributions of inputs for each category; computed in logarithms.</summary>
internal sealed class NaiveBayesPlan : ModelPlan
{
    private readonly double[] _priors;
    private readonly BayesInput[] _inputs;

    private NaiveBayesPlan(ModelResult result, double[] priors, BayesInput[] inputs)
        : base(result)
    {
        (_priors, _inputs) = (priors, inputs);
    }

    private sealed record BayesInput(Expression Value, Dictionary<double, double[]> Discrete, Func<double, double>?[] Densities);

    /// <summary>Compiles the element.</summary>
    public static NaiveBayesPlan Compile(ModelContext model)
    {
        PmmlElement element = model.Element;
        double threshold = element.RequiredNumber("threshold");
        PmmlElement[] counts = [.. element.RequiredChild("BayesOutput").RequiredChild("TargetValueCounts").ChildrenNamed("TargetValueCount")];
        ModelResult result = model.NewResult();
        result.WithProbabilities(counts.Select(count => model.Category(count, count.Required("value"))));
        double[] priors = [.. counts.Select(static count => Math.Log(count.RequiredNumber("count")))];
        BayesInput[] inputs = [.. element.RequiredChild("BayesInputs").ChildrenNamed("BayesInput").Select(input => Read(input, model, result, threshold))];
        return new NaiveBayesPlan(result, priors, inputs);
    }

    public override void Evaluate(Frame frame)
    {
        Span<double> scores = Result.ProbabilitiesOf(frame);
        _priors.CopyTo(scores);
        foreach (BayesInput input in _inputs)
        {
            double value = input.Value.Evaluate(frame);
            if (Cell.IsMissing(value))
            {
                continue;
            }

            if (input.Densities.Length > 0)
            {
                for (int i = 0; i < scores.Length; i++)
                {
                    scores[i] += input.Densities[i]?.Invoke(value) ?? 0;
                }
            }
            else if (input.Discrete.TryGetValue(value, out double[]? shares))
            {
                for (int i = 0; i < scores.Length; i++)
                {
                    scores[i] += shares[i];
                }
            }
        }

        LinkFunction.Softmax(scores);
        Result.Decide(frame);
    }

    private static BayesInput Read(PmmlElement input, ModelContext model, ModelResult result, double threshold)
    {
        FieldBinding field = model.Scope.Get(input.Attribute("fieldName") ?? input.Required("field"), input);
        if (input.Child("TargetValueStats") is { } statistics)
        {
            Func<double, double>?[] densities = new Func<double, double>?[result.Categories.Length];
            foreach (PmmlElement statistic in statistics.ChildrenNamed("TargetValueStat"))
            {
                densities[Place(statistic, model, result)] = Density(statistic, threshold);
            }

            return new BayesInput(field.Value.To(PmmlType.Double), [], densities);
        }

        Expression value = field.Value;
        if (input.Child("DerivedField") is { } derived)
        {
            value = (ExpressionCompiler.CompileIn(derived, model.Scope, model.Plan) ?? throw PmmlError.Invalid(derived, "has no expression"))
                .To(DataField.ReadType(derived, "dataType", PmmlType.String));
        }

        double[] totals = new double[result.Categories.Length];
        Dictionary<double, double[]> counts = [];
        foreach (PmmlElement pair in input.ChildrenNamed("PairCounts"))
        {
            if (!CellText.TryParse(pair.Required("value"), value.Type, model.Plan.Code, out double category))
            {
                throw PmmlError.Invalid(pair, $"counts '{pair.Attribute("value")}', which is no {value.Type}");
            }

            double[] row = counts[category] = new double[totals.Length];
            foreach (PmmlElement count in pair.RequiredChild("TargetValueCounts").ChildrenNamed("TargetValueCount"))
            {
                int place = Place(count, model, result);
                row[place] = count.RequiredNumber("count");
                totals[place] += row[place];
            }
        }

        foreach (double[] row in counts.Values)
        {
            for (int i = 0; i < row.Length; i++)
            {
                // The threshold stands for what was never counted; what was counted may be less likely than that.
                row[i] = Math.Log(row[i] > 0 ? row[i] / totals[i] : threshold);
            }
        }

        return new BayesInput(value, counts, []);
    }

    private static int Place(PmmlElement element, ModelContext model, ModelResult result) =>
        result.IndexOf(model.Category(element, element.Required("value"))) is >= 0 and var place
            ? place
            : throw PmmlError.Invalid(element, $"names the category '{element.Attribute("value")}', which the BayesOutput does not count");

    // The logarithm of the density, never below that of the threshold; null where it makes no difference.
    private static Func<double, double>? Density(PmmlElement statistic, double threshold)
    {
        PmmlElement distribution = statistic.Children.FirstOrDefault(static child => child.Name.EndsWith("Distribution", StringComparison.Ordinal))
            ?? throw PmmlError.Invalid(statistic, "has no distribution");
        double least = Math.Log(threshold);
        switch (distribution.Name)
        {
            case "GaussianDistribution":
                double mean = distribution.RequiredNumber("mean");
                double variance = distribution.RequiredNumber("variance");
                if (mean == 0 && variance == 0)
                {
                    // A category that had no values.
                    return null;
                }

                if (!(variance > 0))
                {
                    return x => x != mean ? least : throw new EvaluationException("the density of a distribution without variance is not defined at its mean");
                }

                return x => Math.Max(least, (-(x - mean) * (x - mean) / (2 * variance)) - (0.5 * Math.Log(2 * Math.PI * variance)));
            case "PoissonDistribution":
                double rate = distribution.RequiredNumber("mean");
                return rate == 0 ? null : x => Math.Max(least, (x * Math.Log(rate)) - rate - LogFactorial(x));
            case "UniformDistribution":
                double low = distribution.RequiredNumber("lower");
                double high = distribution.RequiredNumber("upper");
                return x => x >= low && x <= high ? Math.Max(least, -Math.Log(high - low)) : least;
            default:
                throw PmmlError.NotSupported(distribution, "the distribution");
        }
    }

    private static double LogFactorial(double x)
    {
        double sum = 0;
        for (int i = 2; i <= Math.Min(x, 170); i++)
        {
            sum += Math.Log(i);
        }

        // Stirling's series beyond what a product can hold.
        return x <= 170 ? sum : (x * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI * x)) + (1 / (12 * x));
    }
}
