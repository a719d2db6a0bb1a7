using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Association;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Sequences;

/// <summary>
/// <c>SequenceModel</c>: the rules whose antecedent a sequence of transactions has, ranked. The standard does not say how such a model is scored. A row is one group: lists of
/// items, and perhaps of their times; items of the same time are one transaction.
/// </summary>
internal sealed class SequencePlan : ModelPlan
{
    /// <summary>The list of times where the document declares no field for it.</summary>
    private const string DefaultOrder = "order";

    private readonly SequenceRule[] _rules;
    private readonly TransactionReader _reader;
    private readonly PlanBuilder _plan;
    private readonly RuleRanking _ranking;

    private SequencePlan(ModelResult result, SequenceRule[] rules, TransactionReader reader, PlanBuilder plan)
        : base(result)
    {
        (_rules, _reader, _plan) = (rules, reader, plan);
        _ranking = new RuleRanking(Fired);
    }

    /// <summary>The fields of which a row gives lists: those with items, and that with times.</summary>
    public static IReadOnlyCollection<string> CollectionsOf(IReadOnlyList<MiningField> fields) =>
        [.. fields.Where(static field => field.IsActive || field.Usage == "order").Select(static field => field.Name)];

    /// <summary>Compiles the element.</summary>
    public static SequencePlan Compile(ModelContext model)
    {
        string[] fields = [.. model.Fields.Where(static field => field.IsActive).Select(static field => field.Name)];
        if (fields.Length == 0)
        {
            throw PmmlError.Invalid(model.Element, "has no active field that gives items");
        }

        MiningField? order = model.Fields.FirstOrDefault(static field => field.Usage == "order");
        PmmlType orderType = order is not null && model.Plan.DataFields.TryGetValue(order.Name, out DataField? declared) ? declared.Type : PmmlType.Double;
        if (orderType.Kind is PmmlKind.String or PmmlKind.Boolean)
        {
            throw PmmlError.Invalid(order!.Element, $"orders by a {orderType}: expected a number, a day or a time");
        }

        Expression[] items = [.. fields.Select(name => List(model, name))];
        TransactionReader reader = new(items, order is null ? AddOrder(model) : List(model, order.Name), orderType);
        SequenceRule[] rules = new SequenceReader(model.Element, fields, model.Plan).Read();
        return new SequencePlan(new ModelResult(model.Plan, PmmlType.String).WithEntity(), rules, reader, model.Plan);
    }

    public override void Evaluate(Frame frame)
    {
        if (_reader.Read(frame) is not { } transactions)
        {
            return;
        }

        long work = 0;
        List<(SequenceRule Rule, bool IsWhole)> fired = [];
        foreach (SequenceRule rule in _rules)
        {
            if (rule.Antecedent.OccursIn(transactions, ref work))
            {
                fired.Add((rule, rule.Whole.OccursIn(transactions, ref work)));
            }
        }

        frame.Scratch[(this, frame.Base)] = fired;
        if (_ranking.Ranked(frame, RuleAlgorithm.Recommendation) is [var best, ..])
        {
            frame[Result.Value] = best.ConsequentText;
            frame[Result.Entity] = best.Id;
        }
    }

    /// <inheritdoc/>
    public override Expression? Feature(OutputRequest request) => _ranking.Feature(request, RuleAlgorithm.Recommendation);

    /// <summary>What callers get of a model without output fields, for which its schema has no place: the best rule, and the texts of all in their order.</summary>
    public IEnumerable<OutputColumn> DefaultOutputs()
    {
        foreach (string name in (string[])["consequent", "antecedent", "ruleId", "support", "confidence", "lift"])
        {
            PmmlElement field = new("OutputField", 0, [new("name", name), new("ruleFeature", name)]);
            yield return new OutputColumn(name, Feature(new OutputRequest(field, "ruleValue", new Scope(null), _plan))!, OpType.Categorical);
        }

        PmmlElement all = new("OutputField", 0, [new("name", "rules"), new("ruleFeature", "rule"), new("rank", "0")]);
        yield return new OutputColumn("rules", Feature(new OutputRequest(all, "ruleValue", new Scope(null), _plan))!, OpType.Categorical);
    }

    private IEnumerable<IRankedRule> Fired(Frame frame, RuleAlgorithm algorithm) =>
        frame.Scratch.TryGetValue((this, frame.Base), out object? fired)
            ? ((List<(SequenceRule Rule, bool IsWhole)>)fired).Where(each => algorithm switch
            {
                RuleAlgorithm.ExclusiveRecommendation => !each.IsWhole,
                RuleAlgorithm.RuleAssociation => each.IsWhole,
                _ => true,
            }).Select(static each => each.Rule)
            : [];

    private static Expression List(ModelContext model, string name) => model.Scope.Get(name, model.Element).Value is { Type.Kind: PmmlKind.Items } list
        ? list
        : throw PmmlError.NotSupported(model.Element, "a model of sequences within another model");

    private static SlotExpression AddOrder(ModelContext model)
    {
        PmmlType items = new(PmmlKind.Items);
        int slot = model.Plan.AddSlot(Cell.Missing);
        if (model.Plan.Inputs.TrueForAll(static input => input.Name != DefaultOrder))
        {
            model.Plan.Inputs.Add(new PlanInput(DefaultOrder, items, slot));
        }

        return new SlotExpression(slot, items);
    }
}
