using Slipway.Pmml.Fields;
using Slipway.Pmml.Models.Association;

namespace Slipway.Pmml.Models.Sequences;

/// <summary>A rule: a sequence that another one tends to follow. Immutable.</summary>
internal sealed class SequenceRule : IRankedRule
{
    private readonly double[] _statistics;

    /// <param name="id">Its id.</param>
    /// <param name="antecedent">What it starts from, and how that is written.</param>
    /// <param name="consequent">What it brings, and how that is written.</param>
    /// <param name="whole">The one after the other.</param>
    /// <param name="statistics">Numbers in the order of <see cref="RuleRanking.Statistics"/>.</param>
    /// <param name="plan">Takes the texts.</param>
    public SequenceRule(string id, (SequencePattern Pattern, string Text) antecedent, (SequencePattern Pattern, string Text) consequent, SequencePattern whole, double[] statistics, PlanBuilder plan)
    {
        (Antecedent, Whole, _statistics) = (antecedent.Pattern, whole, statistics);
        Id = plan.Code(id);
        Text = plan.Code($"{antecedent.Text} -> {consequent.Text}");
        AntecedentText = plan.Code(antecedent.Text);
        ConsequentText = plan.Code(consequent.Text);
    }

    /// <summary>What it starts from.</summary>
    public SequencePattern Antecedent { get; }

    /// <summary>Antecedent and consequent in one.</summary>
    public SequencePattern Whole { get; }

    public double Id { get; }

    public double Text { get; }

    public double AntecedentText { get; }

    public double ConsequentText { get; }

    public double Statistic(int index) => _statistics[index];
}
