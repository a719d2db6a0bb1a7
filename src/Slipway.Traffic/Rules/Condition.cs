using System.Globalization;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Rules;

/// <summary>A condition ready to be tested. Immutable.</summary>
internal sealed class Condition
{
    private readonly ConditionDefinition _definition;
    private readonly string? _only;
    private readonly HashSet<string>? _any;
    private readonly bool _isNumeric;

    public Condition(ConditionDefinition definition, int source)
    {
        _definition = definition;
        Source = source;
        _only = definition.In.Count == 1 ? definition.In[0] : null;
        _any = definition.In.Count > 1 ? new HashSet<string>(definition.In, StringComparer.Ordinal) : null;
        _isNumeric = definition.AtLeast is not null || definition.Below is not null;
    }

    /// <summary>Position of the value among the rule set's sources.</summary>
    public int Source { get; }

    /// <summary>Whether a value fulfils it.</summary>
    /// <param name="value">The value; null when absent.</param>
    public bool Holds(string? value)
    {
        if (value is null)
        {
            return _definition.Present == false;
        }

        if (_definition.Present == false)
        {
            return false;
        }

        return (_only is null || _only == value)
            && (_any is null || _any.Contains(value))
            && (_definition.Prefix is not { } prefix || value.StartsWith(prefix, StringComparison.Ordinal))
            && (!_isNumeric || IsInRange(value));
    }

    private bool IsInRange(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && !(number < _definition.AtLeast) && !(number >= _definition.Below) && !double.IsNaN(number);
}
