using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Association;

/// <summary>
/// <c>AssociationModel</c>: the rules that a basket of items fires, ranked. A row gives its basket as a collection of texts, or as one field for each item.
/// </summary>
internal sealed class AssociationPlan : ModelPlan
{
    private readonly AssociationRule[] _rules;
    private readonly Func<Frame, bool[]?> _read;
    private readonly int _basket;
    private readonly RuleRanking _ranking;

    private AssociationPlan(ModelResult result, AssociationRule[] rules, Func<Frame, bool[]?> read, int basket)
        : base(result)
    {
        (_rules, _read, _basket) = (rules, read, basket);
        _ranking = new RuleRanking(Fired);
    }

    /// <summary>The field that gives a basket as a collection; null when each item has a field of its own.</summary>
    public static string? CollectionOf(PmmlElement model, IReadOnlyList<MiningField> fields)
    {
        MiningField[] active = [.. fields.Where(static field => field.IsActive)];
        return active.Length == 1 && model.ChildrenNamed("Item").All(static item => item.Attribute("field") is null) ? active[0].Name : null;
    }

    /// <summary>Compiles the element.</summary>
    public static AssociationPlan Compile(ModelContext model)
    {
        PmmlElement[] items = [.. model.Element.ChildrenNamed("Item")];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (PmmlElement item in items)
        {
            places[item.Required("id")] = places.Count;
        }

        string[] values = [.. items.Select(static item => item.Attribute("value") ?? $"{item.Attribute("field")}={item.Attribute("category")}")];
        AssociationRule[] rules = AssociationRule.ReadAll(model.Element, places, values, model.Plan);
        Func<Frame, bool[]?> read = CollectionOf(model.Element, model.Fields) is { } name
            ? model.Scope.Get(name, model.Element).Value is { Type.Kind: PmmlKind.Items } collection
                ? ReadCollection(collection, values, model.Plan)
                : throw PmmlError.NotSupported(model.Element, "a model of baskets within another model")
            : ReadFields(model, items, values);
        return new AssociationPlan(new ModelResult(model.Plan, PmmlType.String).WithEntity(), rules, read, model.Plan.AddSlot(Cell.Missing));
    }

    public override void Evaluate(Frame frame)
    {
        if (_read(frame) is not { } basket)
        {
            return;
        }

        frame[_basket] = frame.AddList(Array.ConvertAll(basket, Cell.Of));
        if (_ranking.Ranked(frame, RuleAlgorithm.ExclusiveRecommendation) is [var best, ..])
        {
            frame[Result.Value] = best.ConsequentText;
            frame[Result.Entity] = best.Id;
        }
    }

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request) => _ranking.Feature(request, RuleAlgorithm.ExclusiveRecommendation);

    private IEnumerable<IRankedRule> Fired(Frame frame, RuleAlgorithm algorithm)
    {
        if (Cell.IsMissing(frame[_basket]))
        {
            return [];
        }

        double[] basket = frame.List(frame[_basket]);
        return _rules.Where(rule => Holds(rule.Antecedent.Items, basket) && algorithm switch
        {
            RuleAlgorithm.ExclusiveRecommendation => !Holds(rule.Consequent.Items, basket),
            RuleAlgorithm.RuleAssociation => Holds(rule.Consequent.Items, basket),
            _ => true,
        });
    }

    private static bool Holds(int[] items, double[] basket)
    {
        foreach (int item in items)
        {
            if (basket[item] == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static Func<Frame, bool[]?> ReadCollection(Expression field, string[] values, PlanBuilder plan)
    {
        Dictionary<double, int> places = [];
        for (int i = 0; i < values.Length; i++)
        {
            places.TryAdd(plan.Code(values[i]), i);
        }

        return frame =>
        {
            double list = field.Evaluate(frame);
            if (Cell.IsMissing(list))
            {
                return null;
            }

            bool[] basket = new bool[values.Length];
            foreach (double code in frame.List(list))
            {
                if (places.TryGetValue(code, out int item))
                {
                    basket[item] = true;
                }
            }

            return basket;
        };
    }

    // An item is in the basket when its field has its category; an item named as a field when that field is true.
    private static Func<Frame, bool[]?> ReadFields(ModelContext model, PmmlElement[] items, string[] values)
    {
        (Expression Value, CellSet Present)?[] readers = new (Expression, CellSet)?[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            string? field = items[i].Attribute("field");
            string? category = items[i].Attribute("category");
            int equals = values[i].IndexOf('=', StringComparison.Ordinal);
            if (field is null && equals > 0 && model.Scope.Find(values[i]) is null)
            {
                (field, category) = (values[i][..equals], values[i][(equals + 1)..]);
            }

            field ??= values[i];
            if (model.Scope.Find(field) is not { } binding)
            {
                throw PmmlError.Invalid(items[i], $"is in the basket by the field '{field}', which the model does not have");
            }

            string[] texts = category is null ? ["true", "1", "T", "Y", "yes"] : [category];
            readers[i] = (binding.Value, new CellSet(texts.Where(text => CellText.TryParse(text, binding.Type, model.Plan.Code, out _))
                .Select(text => CellText.TryParse(text, binding.Type, model.Plan.Code, out double cell) ? cell : 0)));
        }

        return frame => Array.ConvertAll(readers, reader => reader is { } known && known.Value.Evaluate(frame) is var value && !Cell.IsMissing(value) && known.Present.Contains(value));
    }
}
