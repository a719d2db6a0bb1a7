using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Models.Association;

/// <summary>Which of the rules whose antecedent holds an output field looks at.</summary>
internal enum RuleAlgorithm
{
    /// <summary>All of them.</summary>
    Recommendation,

    /// <summary>Those whose consequent is not there yet.</summary>
    ExclusiveRecommendation,

    /// <summary>Those whose consequent is there as well.</summary>
    RuleAssociation,
}

/// <summary>Output fields about the rules that a row fires: which rules, in which order, and what of them is shown.</summary>
/// <param name="fired">Gives the rules that the current row fires, in the order of the document; empty when the model has not run.</param>
internal sealed class RuleRanking(Func<Frame, RuleAlgorithm, IEnumerable<IRankedRule>> fired)
{
    /// <summary>Names of the statistics, by their numbers.</summary>
    public static IReadOnlyList<string> Statistics { get; } = ["confidence", "support", "lift", "leverage", "affinity"];

    private const int Confidence = 0;

    /// <summary>The value of an output field; null when the feature is none of rules.</summary>
    /// <param name="request">The output field.</param>
    /// <param name="absent">The algorithm of a field that names none.</param>
    public Expression? Feature(OutputRequest request, RuleAlgorithm absent)
    {
        PmmlElement element = request.Element;
        string feature = request.Feature == "ruleValue" ? element.Attribute("ruleFeature") ?? "consequent" : request.Feature is "entityId" ? "ruleId" : request.Feature;
        string basis = element.Attribute("rankBasis") ?? Statistics[Confidence];
        int basisIndex = StatisticOf(basis);
        if (basisIndex < 0)
        {
            throw PmmlError.Invalid(element, $"has rankBasis=\"{basis}\", which is no statistic of a rule");
        }

        RuleAlgorithm algorithm = element.Attribute("algorithm") switch
        {
            null => absent,
            "exclusiveRecommendation" => RuleAlgorithm.ExclusiveRecommendation,
            "recommendation" => RuleAlgorithm.Recommendation,
            "ruleAssociation" => RuleAlgorithm.RuleAssociation,
            var other => throw PmmlError.Invalid(element, $"has algorithm=\"{other}\": expected recommendation, exclusiveRecommendation or ruleAssociation"),
        };
        bool isDescending = element.Attribute("rankOrder") != "ascending";
        int statistic = StatisticOf(feature);
        Func<IRankedRule, double>? value = feature switch
        {
            "rule" => static rule => rule.Text,
            "antecedent" => static rule => rule.AntecedentText,
            "consequent" or "predictedValue" => static rule => rule.ConsequentText,
            "ruleId" => static rule => rule.Id,
            _ when statistic >= 0 => rule => rule.Statistic(statistic),
            _ => null,
        };
        return value is null ? null : Shown(request, value, statistic >= 0, frame => Ranked(frame, algorithm, basisIndex, isDescending));
    }

    /// <summary>The rules in their order; of equal rank in that of the document.</summary>
    public List<IRankedRule> Ranked(Frame frame, RuleAlgorithm algorithm, int basis = Confidence, bool isDescending = true)
    {
        IEnumerable<IRankedRule> rules = fired(frame, algorithm);
        return isDescending ? [.. rules.OrderByDescending(rule => rule.Statistic(basis))] : [.. rules.OrderBy(rule => rule.Statistic(basis))];
    }

    private static int StatisticOf(string name)
    {
        for (int i = 0; i < Statistics.Count; i++)
        {
            if (Statistics[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static DelegateExpression Shown(OutputRequest request, Func<IRankedRule, double> value, bool isNumber, Func<Frame, List<IRankedRule>> ranked)
    {
        int rank = request.Rank;
        if (rank == 0 || request.Element.Boolean("isMultiValued") == true)
        {
            int most = rank == 0 ? int.MaxValue : rank;
            return new DelegateExpression(PmmlType.String, frame => frame.Symbols.Code(TextList.Of(
                ranked(frame).Take(most).Select(rule => isNumber ? PmmlNumber.Format(value(rule)) : frame.Symbols.Text(value(rule))))));
        }

        return new DelegateExpression(isNumber ? PmmlType.Double : PmmlType.String, frame =>
            ranked(frame) is var rules && rank <= rules.Count ? value(rules[rank - 1]) : Cell.Missing);
    }
}
