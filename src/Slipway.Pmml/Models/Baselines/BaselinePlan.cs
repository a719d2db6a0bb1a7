using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Baselines;

/// <summary><c>BaselineModel</c>: the z-score of a value against a baseline distribution.</summary>
internal sealed class BaselinePlan : ModelPlan
{
    private readonly Expression _value;
    private readonly double _mean;
    private readonly double _deviation;

    private BaselinePlan(ModelResult result, Expression value, double mean, double deviation)
        : base(result)
    {
        (_value, _mean, _deviation) = (value, mean, deviation);
    }

    /// <summary>Compiles the element.</summary>
    public static BaselinePlan Compile(ModelContext model)
    {
        PmmlElement test = model.Element.RequiredChild("TestDistributions");
        string statistic = test.Required("testStatistic");
        if (statistic != "zValue" && statistic != "zScore")
        {
            throw PmmlError.NotSupported(test, $"testStatistic=\"{statistic}\", which looks at rows together,");
        }

        if (test.Number("windowSize") > 1)
        {
            throw PmmlError.NotSupported(test, "a window of several rows");
        }

        PmmlElement baseline = test.RequiredChild("Baseline");
        PmmlElement distribution = baseline.Children.FirstOrDefault(static child => child.Name.EndsWith("Distribution", StringComparison.Ordinal))
            ?? throw PmmlError.Invalid(baseline, "has no distribution");
        (double mean, double variance) = distribution.Name switch
        {
            "GaussianDistribution" => (distribution.RequiredNumber("mean"), distribution.RequiredNumber("variance")),
            "PoissonDistribution" => (distribution.RequiredNumber("mean"), distribution.RequiredNumber("mean")),
            "UniformDistribution" => Uniform(distribution.RequiredNumber("lower"), distribution.RequiredNumber("upper")),
            "AnyDistribution" => (distribution.RequiredNumber("mean"), distribution.RequiredNumber("variance")),
            _ => throw PmmlError.NotSupported(distribution, "the distribution"),
        };
        return new BaselinePlan(
            model.NewResult(), model.Scope.Get(test.Required("field"), test).Value.To(PmmlType.Double), mean,
            variance > 0 ? Math.Sqrt(variance) : throw PmmlError.Invalid(distribution, "has no variance above 0"));
    }

    public override void Evaluate(Frame frame)
    {
        double value = _value.Evaluate(frame);
        frame[Result.Value] = Cell.IsMissing(value) ? value : (value - _mean) / _deviation;
    }

    private static (double Mean, double Variance) Uniform(double lower, double upper) => ((lower + upper) / 2, (upper - lower) * (upper - lower) / 12);
}
