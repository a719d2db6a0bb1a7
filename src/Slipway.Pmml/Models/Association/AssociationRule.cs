using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Association;

/// <summary>A rule: items that bring other items. Immutable.</summary>
internal sealed class AssociationRule : IRankedRule
{
    private readonly double[] _statistics;

    private AssociationRule(string id, ItemSet antecedent, ItemSet consequent, double[] statistics, PlanBuilder plan)
    {
        (Antecedent, Consequent, _statistics) = (antecedent, consequent, statistics);
        Id = plan.Code(id);
        Text = plan.Code($"{antecedent.Text} -> {consequent.Text}");
        AntecedentText = plan.Code(antecedent.Text);
        ConsequentText = plan.Code(consequent.Text);
    }

    /// <summary>Items by number, and how they are written.</summary>
    public sealed record ItemSet(int[] Items, string Text);

    public ItemSet Antecedent { get; }

    public ItemSet Consequent { get; }

    public double Id { get; }

    public double Text { get; }

    public double AntecedentText { get; }

    public double ConsequentText { get; }

    public double Statistic(int index) => _statistics[index];

    /// <summary>Reads the rules of a model.</summary>
    public static AssociationRule[] ReadAll(PmmlElement model, IReadOnlyDictionary<string, int> items, IReadOnlyList<string> values, PlanBuilder plan)
    {
        Dictionary<string, ItemSet> sets = new(StringComparer.Ordinal);
        foreach (PmmlElement set in model.ChildrenNamed("Itemset"))
        {
            int[] members = [.. set.ChildrenNamed("ItemRef").Select(reference => items.TryGetValue(reference.Required("itemRef"), out int item)
                ? item
                : throw PmmlError.Invalid(reference, $"names the item '{reference.Attribute("itemRef")}', which the model does not have"))];
            string text = members.Length == 1 ? values[members[0]] : "{" + string.Join(" , ", members.Select(item => values[item])) + "}";
            sets[set.Required("id")] = new ItemSet(members, text);
        }

        return
        [
            .. model.ChildrenNamed("AssociationRule").Select((rule, i) => new AssociationRule(
                rule.Attribute("id") ?? (i + 1).ToString(CultureInfo.InvariantCulture),
                SetOf(rule, "antecedent", sets),
                SetOf(rule, "consequent", sets),
                [.. RuleRanking.Statistics.Select(name => rule.Number(name) ?? Cell.Missing)],
                plan)),
        ];
    }

    private static ItemSet SetOf(PmmlElement rule, string attribute, Dictionary<string, ItemSet> sets) => sets.TryGetValue(rule.Required(attribute), out ItemSet? set)
        ? set
        : throw PmmlError.Invalid(rule, $"names the itemset '{rule.Attribute(attribute)}', which the model does not have");
}
