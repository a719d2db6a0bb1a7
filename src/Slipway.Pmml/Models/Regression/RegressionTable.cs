using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Regression;

/// <summary>One linear predictor: an intercept and terms, each kind in arrays of its own so that a row is a few loops.</summary>
internal sealed class RegressionTable
{
    private readonly double _intercept;
    private readonly int[] _slots;
    private readonly double[] _slotWeights;
    private readonly (Expression Value, double Exponent, double Weight)[] _powers;
    private readonly CategoricalTerm[] _categories;
    private readonly (Expression[] Factors, double Weight)[] _products;

    public RegressionTable(PmmlElement element, ModelContext model)
    {
        // The schema demands it; documents leave it out where it is zero.
        _intercept = element.Number("intercept") ?? 0;
        List<(int Slot, double Weight)> plain = [];
        List<(Expression, double, double)> powers = [];
        foreach (PmmlElement term in element.ChildrenNamed("NumericPredictor"))
        {
            Expression value = model.Scope.Get(NameOf(term), term).Value;
            double exponent = term.Number("exponent") ?? 1;
            double weight = term.RequiredNumber("coefficient");
            if (value is SlotExpression { Type.IsNumber: true } slot && exponent == 1)
            {
                plain.Add((slot.Slot, weight));
            }
            else
            {
                powers.Add((value.To(PmmlType.Double), exponent, weight));
            }
        }

        _slots = [.. plain.Select(static term => term.Slot)];
        _slotWeights = [.. plain.Select(static term => term.Weight)];
        _powers = [.. powers];
        _categories =
        [
            .. element.ChildrenNamed("CategoricalPredictor").GroupBy(NameOf, StringComparer.Ordinal)
                .Select(group => new CategoricalTerm(model.Scope.Get(group.Key, group.First()), group, model.Plan)),
        ];
        _products =
        [
            .. element.ChildrenNamed("PredictorTerm").Select(term => (
                term.ChildrenNamed("FieldRef").Select(field => model.Scope.Get(field.Required("field"), field).Value.To(PmmlType.Double)).ToArray(),
                term.RequiredNumber("coefficient"))),
        ];
    }

    /// <summary>The value for the current row; missing when a number that it needs is.</summary>
    public double Evaluate(Frame frame)
    {
        double sum = _intercept;
        ReadOnlySpan<double> row = frame.Cells.AsSpan(frame.Base, frame.Width);
        int[] slots = _slots;
        double[] weights = _slotWeights;
        for (int i = 0; i < slots.Length && i < weights.Length; i++)
        {
            sum += weights[i] * row[slots[i]];
        }

        foreach ((Expression value, double exponent, double weight) in _powers)
        {
            double x = value.Evaluate(frame);
            sum += weight * (exponent == 1 || Cell.IsMissing(x) ? x : Math.Pow(x, exponent));
        }

        foreach (CategoricalTerm term in _categories)
        {
            sum += term.Evaluate(frame);
        }

        foreach ((Expression[] factors, double weight) in _products)
        {
            double product = weight;
            foreach (Expression factor in factors)
            {
                product *= factor.Evaluate(frame);
            }

            sum += product;
        }

        // Any NaN on the way in was a missing value: nothing else makes one but infinities of opposite signs.
        return double.IsNaN(sum) ? Cell.Missing : sum;
    }

    // JPMML calls it 'field' as everywhere else.
    private static string NameOf(PmmlElement term) => term.Attribute("name") ?? term.Required("field");

    private sealed class CategoricalTerm
    {
        private const int MaxDense = 65_536;

        private readonly Expression _value;
        private readonly double[] _dense = [];
        private readonly Dictionary<double, double> _weights = [];

        public CategoricalTerm(FieldBinding field, IEnumerable<PmmlElement> terms, PlanBuilder plan)
        {
            _value = field.Value;
            foreach (PmmlElement term in terms)
            {
                if (CellText.TryParse(term.Required("value"), field.Type, plan.Code, out double category))
                {
                    _weights[category] = _weights.GetValueOrDefault(category) + term.RequiredNumber("coefficient");
                }
            }

            if (field.Type.IsText && _weights.Count > 0 && _weights.Keys.Max() < MaxDense)
            {
                _dense = new double[(int)_weights.Keys.Max() + 1];
                foreach ((double category, double weight) in _weights)
                {
                    _dense[(int)category] = weight;
                }
            }
        }

        // A missing category is none of those listed.
        public double Evaluate(Frame frame)
        {
            double value = _value.Evaluate(frame);
            if (_dense.Length > 0)
            {
                return value < _dense.Length ? _dense[(int)value] : 0;
            }

            return Cell.IsMissing(value) ? 0 : _weights.GetValueOrDefault(value);
        }
    }
}
