using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Results;

/// <summary>What <c>Targets</c> does to a predicted value: bounds, rescaling, rounding, and what stands in for a missing one.</summary>
internal sealed class TargetCorrection
{
    private readonly double _min;
    private readonly double _max;
    private readonly double _factor;
    private readonly double _constant;
    private readonly string? _cast;
    private readonly double _default = Cell.Missing;
    private readonly (double Category, double Prior)[] _priors = [];
    private readonly bool _isNumber;

    private TargetCorrection(PmmlElement target, PmmlType type, PlanBuilder plan)
    {
        _isNumber = type.IsNumber;
        _min = target.Number("min") ?? double.NegativeInfinity;
        _max = target.Number("max") ?? double.PositiveInfinity;
        _factor = target.Number("rescaleFactor") ?? 1;
        _constant = target.Number("rescaleConstant") ?? 0;
        _cast = target.Attribute("castInteger");
        if (_cast is not (null or "round" or "ceiling" or "floor"))
        {
            throw PmmlError.Invalid(target, $"has castInteger=\"{_cast}\": expected round, ceiling or floor");
        }

        PmmlElement[] values = [.. target.ChildrenNamed("TargetValue")];
        if (values.Select(static value => value.Number("defaultValue")).FirstOrDefault(static value => value is not null) is { } standIn)
        {
            _default = standIn;
        }

        _priors =
        [
            .. values.Where(static value => value.Attribute("value") is not null && value.Attribute("priorProbability") is not null)
                .Select(value => (plan.Constant(value, value.Required("value"), type), value.RequiredNumber("priorProbability"))),
        ];
        DisplayValues = values.Where(static value => value.Attribute("value") is not null && value.Attribute("displayValue") is not null)
            .GroupBy(value => plan.Constant(value, value.Required("value"), type))
            .ToDictionary(static group => group.Key, static group => group.First().Required("displayValue"));
    }

    /// <summary>Texts to show in place of predicted values.</summary>
    public IReadOnlyDictionary<double, string> DisplayValues { get; }

    private bool IsIdle => _min == double.NegativeInfinity && _max == double.PositiveInfinity && _factor == 1 && _constant == 0 && _cast is null
        && Cell.IsMissing(_default) && _priors.Length == 0;

    /// <summary>Reads the corrections for a model's target.</summary>
    /// <param name="model">The model.</param>
    /// <param name="targetName">Name of its target; null when it has none.</param>
    /// <param name="type">Type of the predicted value.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="displayValues">Texts to show in place of predicted values; empty when there are none.</param>
    /// <returns>Null when nothing is corrected.</returns>
    public static TargetCorrection? Read(
        PmmlElement model, string? targetName, PmmlType type, PlanBuilder plan, out IReadOnlyDictionary<double, string> displayValues)
    {
        PmmlElement? target = model.Child("Targets")?.ChildrenNamed("Target").FirstOrDefault(each => each.Attribute("field") is not { } field || targetName is null || field == targetName);
        TargetCorrection? correction = target is null ? null : new TargetCorrection(target, type, plan);
        displayValues = correction?.DisplayValues ?? new Dictionary<double, string>();
        return correction is { IsIdle: false } ? correction : null;
    }

    /// <summary>The corrected value.</summary>
    public double Apply(double value, Frame frame, ModelResult result)
    {
        if (Cell.IsMissing(value))
        {
            return _priors.Length > 0 ? Prior(frame, result) : _default;
        }

        if (!_isNumber || result.Categories.Length > 0)
        {
            return value;
        }

        value = (Math.Clamp(value, _min, _max) * _factor) + _constant;
        return _cast switch
        {
            "round" => Math.Floor(value + 0.5),
            "ceiling" => Math.Ceiling(value),
            "floor" => Math.Floor(value),
            _ => value,
        };
    }

    private double Prior(Frame frame, ModelResult result)
    {
        (double Category, double Prior) best = _priors[0];
        foreach ((double category, double prior) in _priors)
        {
            if (prior > best.Prior)
            {
                best = (category, prior);
            }

            if (result.Probabilities >= 0 && result.IndexOf(category) is >= 0 and var index)
            {
                result.ProbabilitiesOf(frame)[index] = prior;
            }
        }

        return best.Category;
    }
}
