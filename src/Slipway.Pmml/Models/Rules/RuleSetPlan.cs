using System.Globalization;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Predicates;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Rules;

/// <summary><c>RuleSetModel</c>: rules, nested or not, and a choice among those that fire.</summary>
internal sealed class RuleSetPlan : ModelPlan
{
    private readonly Rule[] _rules;
    private readonly string _criterion;
    private readonly double _default;
    private readonly double _defaultConfidence;

    private RuleSetPlan(ModelResult result, Rule[] rules, string criterion, double fallback, double defaultConfidence)
        : base(result)
    {
        (_rules, _criterion, _default, _defaultConfidence) = (rules, criterion, fallback, defaultConfidence);
    }

    // A rule fires when all of its predicates hold: its own and those of the compound rules around it.
    private sealed record Rule(Predicate[] Predicates, double Id, double Score, int Place, double Weight, double Confidence)
    {
        public bool Fires(Frame frame)
        {
            foreach (Predicate predicate in Predicates)
            {
                if (predicate.Evaluate(frame) != Truth.True)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Compiles the element.</summary>
    public static RuleSetPlan Compile(ModelContext model)
    {
        PmmlElement set = model.Element.RequiredChild("RuleSet");
        PmmlElement method = set.RequiredChild("RuleSelectionMethod");
        string criterion = method.Required("criterion");
        if (criterion is not ("firstHit" or "weightedSum" or "weightedMax"))
        {
            throw PmmlError.Invalid(method, $"has criterion=\"{criterion}\": expected firstHit, weightedSum or weightedMax");
        }

        List<(PmmlElement Element, Predicate[] Predicates)> simple = [];
        Gather(set, [], simple, model);
        double fallback = set.Attribute("defaultScore") is { } text ? model.Category(set, text) : Cell.Missing;
        ModelResult result = model.NewResult().WithEntity();
        double[] scores = [.. simple.Select(rule => model.Category(rule.Element, rule.Element.Required("score")))];
        result.WithProbabilities(model.CategoriesWith(Cell.IsMissing(fallback) ? scores : scores.Append(fallback)));
        return new RuleSetPlan(
            result,
            [
                .. simple.Select((rule, i) => new Rule(
                    rule.Predicates,
                    model.Plan.Code(rule.Element.Attribute("id") ?? (i + 1).ToString(CultureInfo.InvariantCulture)),
                    scores[i],
                    result.IndexOf(scores[i]),
                    rule.Element.Number("weight") ?? 1,
                    rule.Element.Number("confidence") ?? 1)),
            ],
            criterion,
            fallback,
            set.Number("defaultConfidence") ?? 0);
    }

    public override void Evaluate(Frame frame)
    {
        Span<double> confidences = Result.ProbabilitiesOf(frame);
        confidences.Clear();
        Rule? winner = null;
        int fired = 0;
        foreach (Rule rule in _rules)
        {
            if (!rule.Fires(frame))
            {
                continue;
            }

            fired++;
            winner ??= rule;
            if (_criterion == "firstHit")
            {
                break;
            }

            confidences[rule.Place] += _criterion == "weightedSum" ? rule.Weight : 0;
            winner = rule.Weight > winner.Weight ? rule : winner;
        }

        if (winner is null)
        {
            Fallback(frame, confidences);
            return;
        }

        if (_criterion == "weightedSum")
        {
            winner = Heaviest(frame, confidences, fired);
        }
        else
        {
            confidences[winner.Place] = winner.Confidence;
        }

        frame[Result.Value] = winner.Score;
        frame[Result.Entity] = winner.Id;
    }

    private void Fallback(Frame frame, Span<double> confidences)
    {
        frame[Result.Value] = _default;
        if (Cell.IsMissing(_default))
        {
            confidences.Fill(Cell.Missing);
        }
        else
        {
            confidences[Result.IndexOf(_default)] = _defaultConfidence;
        }
    }

    // Of the category with the largest total weight, the rule that weighs most.
    private Rule Heaviest(Frame frame, Span<double> totals, int fired)
    {
        int best = 0;
        for (int i = 0; i < totals.Length; i++)
        {
            best = totals[i] > totals[best] ? i : best;
        }

        foreach (ref double total in totals)
        {
            total /= fired;
        }

        Rule? heaviest = null;
        foreach (Rule rule in _rules)
        {
            if (rule.Place == best && (heaviest is null || rule.Weight > heaviest.Weight) && rule.Fires(frame))
            {
                heaviest = rule;
            }
        }

        return heaviest!;
    }

    private static void Gather(PmmlElement parent, Predicate[] around, List<(PmmlElement Element, Predicate[] Predicates)> rules, ModelContext model)
    {
        model.Plan.Enter(parent);
        foreach (PmmlElement child in parent.Children.Where(static child => child.Name is "SimpleRule" or "CompoundRule"))
        {
            Predicate[] predicates = [.. around, PredicateCompiler.CompileIn(child, model.Scope, model.Plan)];
            if (child.Name == "SimpleRule")
            {
                rules.Add((child, predicates));
            }
            else
            {
                Gather(child, predicates, rules, model);
            }
        }

        model.Plan.Leave();
    }
}
