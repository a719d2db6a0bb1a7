using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Fields;

/// <summary>A field after the treatment of missing, invalid and outlying values, in the order that the standard gives.</summary>
internal sealed class TreatedField : Expression
{
    private readonly Expression _source;
    private readonly MiningField _field;
    private readonly CellSet? _valid;
    private readonly CellSet? _alsoValid;
    private readonly CellSet? _invalid;
    private readonly CellSet? _missing;
    private readonly ValueInterval[] _intervals;
    private readonly double _missingReplacement = Cell.Missing;
    private readonly double _invalidReplacement = Cell.Missing;

    private TreatedField(Expression source, MiningField field, DataField? declared, PlanBuilder plan)
        : base(source.Type)
    {
        (_source, _field) = (source, field);
        _valid = declared?.ValidValues.Count > 0 && declared.OpType != OpType.Continuous ? new CellSet(declared.ValidValues) : null;
        _alsoValid = declared?.ValidValues.Count > 0 && declared.OpType == OpType.Continuous ? new CellSet(declared.ValidValues) : null;
        _invalid = declared?.InvalidValues.Count > 0 ? new CellSet(declared.InvalidValues) : null;
        _missing = declared?.MissingValues.Count > 0 ? new CellSet(declared.MissingValues) : null;
        _intervals = declared is null ? [] : [.. declared.Intervals];
        if (field.MissingReplacement is { } replacement)
        {
            _missingReplacement = plan.Constant(field.Element, replacement, source.Type);
        }

        if (field.Invalid == InvalidTreatment.AsValue)
        {
            _invalidReplacement = plan.Constant(field.Element, field.InvalidReplacement ?? throw PmmlError.Invalid(field.Element, "has no invalidValueReplacement"), source.Type);
        }
    }

    /// <summary>The field's value after treatment; the source itself where there is nothing to treat.</summary>
    /// <param name="source">Gives the value as it comes.</param>
    /// <param name="field">How the model treats it.</param>
    /// <param name="declared">Its declaration; null where it has none.</param>
    /// <param name="isInput">Whether the value comes from the caller, and not from a model around this one that treated it already.</param>
    /// <param name="plan">The plan.</param>
    public static Expression Create(Expression source, MiningField field, DataField? declared, bool isInput, PlanBuilder plan)
    {
        bool isDeclared = declared is { } known
            && ((known.ValidValues.Count > 0 && known.OpType != OpType.Continuous) || known.InvalidValues.Count + known.MissingValues.Count + known.Intervals.Count > 0);
        bool mayBeInvalid = isInput && !source.Type.IsNumber && !source.Type.IsText && source.Type.Kind != PmmlKind.Items;
        return field.HasTreatment || (isInput && (isDeclared || mayBeInvalid)) ? plan.Memo(new TreatedField(source, field, declared, plan)) : source;
    }

    public override double Evaluate(Frame frame)
    {
        double value = _source.Evaluate(frame);
        if (Cell.IsMissing(value) || (_missing is not null && _missing.Contains(value)))
        {
            return Missing();
        }

        if (!IsValid(value))
        {
            switch (_field.Invalid)
            {
                case InvalidTreatment.ReturnInvalid:
                    throw new EvaluationException($"field '{_field.Name}' has a value that is not valid");
                case InvalidTreatment.AsMissing:
                    return Missing();
                case InvalidTreatment.AsValue:
                    return _invalidReplacement;
                case InvalidTreatment.AsIs when Cell.IsInvalid(value):
                    return Missing();
            }
        }

        if (value >= _field.Low && value <= _field.High)
        {
            return value;
        }

        return _field.Outliers switch
        {
            OutlierTreatment.AsMissing => Missing(),
            OutlierTreatment.AsExtreme => Math.Clamp(value, _field.Low, _field.High),
            _ => value,
        };
    }

    /// <summary>Whether a value as it comes, not missing, is valid.</summary>
    public bool IsValid(double value)
    {
        if (Cell.IsInvalid(value) || (_invalid is not null && _invalid.Contains(value)) || (_valid is not null && !_valid.Contains(value)))
        {
            return false;
        }

        if (_intervals.Length == 0)
        {
            return true;
        }

        foreach (ValueInterval interval in _intervals)
        {
            if (interval.Contains(value))
            {
                return true;
            }
        }

        // A number outside the intervals is valid when it is listed.
        return _alsoValid?.Contains(value) == true;
    }

    private double Missing() => _field.MissingIsInvalid
        ? throw new EvaluationException($"field '{_field.Name}' has no value and needs one")
        : _missingReplacement;
}
