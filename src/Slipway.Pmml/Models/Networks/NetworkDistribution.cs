using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Networks;

/// <summary>The distribution of a number, whose parameters may depend on other numbers of the row.</summary>
internal sealed class NetworkDistribution
{
    private readonly PmmlElement _element;
    private readonly Expression _first;
    private readonly Expression _second;
    private readonly bool _isNormal;

    private NetworkDistribution(PmmlElement element, Expression first, Expression second, bool isNormal)
    {
        (_element, _first, _second, _isNormal) = (element, first, second, isNormal);
    }

    /// <summary>Reads a <c>ContinuousDistribution</c>.</summary>
    public static NetworkDistribution Read(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        if (element.Children is not [{ } kind])
        {
            throw PmmlError.Invalid(element, "does not hold one distribution");
        }

        return kind.Name switch
        {
            "NormalDistributionForBN" => new NetworkDistribution(kind, Parameter(kind, "Mean"), Parameter(kind, "Variance"), isNormal: true),
            "UniformDistributionForBN" => new NetworkDistribution(kind, Parameter(kind, "Lower"), Parameter(kind, "Upper"), isNormal: false),
            _ => throw PmmlError.NotSupported(kind, "the distribution"),
        };

        Expression Parameter(PmmlElement parent, string name)
        {
            PmmlElement holder = parent.RequiredChild(name);
            return (ExpressionCompiler.CompileIn(holder, scope, plan) ?? throw PmmlError.Invalid(holder, "has no expression")).To(PmmlType.Double);
        }
    }

    /// <summary>The mean.</summary>
    public double Mean(Frame frame)
    {
        double first = Known(_first, frame);
        return _isNormal ? first : (first + Known(_second, frame)) / 2;
    }

    /// <summary>The density at a number.</summary>
    public double Density(double value, Frame frame)
    {
        double first = Known(_first, frame);
        double second = Known(_second, frame);
        if (!_isNormal)
        {
            return value >= first && value <= second && second > first ? 1 / (second - first) : 0;
        }

        return second > 0
            ? Math.Exp(-((value - first) * (value - first)) / (2 * second)) / Math.Sqrt(2 * Math.PI * second)
            : throw new EvaluationException($"the variance of {_element.Describe()} is not positive");
    }

    private double Known(Expression parameter, Frame frame) => parameter.Evaluate(frame) is var value && Cell.IsMissing(value)
        ? throw new EvaluationException($"{_element.Describe()} depends on a number that was not given")
        : value;
}
