namespace Slipway.Traffic.Rollouts;

/// <summary>What one measure says. Figures for people and for the log of decisions.</summary>
/// <param name="Measure"><c>errors</c>, <c>slow</c>, <c>shadow-errors</c>, <c>disagreement</c>, <c>quality</c>, <c>shares</c>, or <c>metric:</c> and the name of a metric.</param>
/// <param name="Old">Rate of the old version (of <c>quality</c>: its mean loss), or what is allowed; null where there is none.</param>
/// <param name="New">Rate of the new version.</param>
/// <param name="Evidence">Evidence of harm: its inverse is a p-value that holds at every look. For <c>shares</c>: against the planned division. For metrics, which are held against limits: 0.</param>
/// <param name="IsHarm">Whether harm is shown.</param>
/// <param name="IsProven">Whether it is proven to be no worse than the margin.</param>
/// <param name="Worst">Largest that the difference (of <c>disagreement</c>: the rate) may still be, with the promised confidence; null when unknown.</param>
public sealed record RolloutFinding(string Measure, double? Old, double? New, double Evidence, bool IsHarm, bool IsProven, double? Worst)
{
    /// <summary>What else is to be said, for people; empty when nothing is.</summary>
    public string Note { get; init; } = "";
}
