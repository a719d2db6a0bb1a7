namespace Slipway.Traffic.Rollouts;

/// <summary>What reports said about the answers of one step; a report counts for the step in which its request was answered, whenever it comes.</summary>
/// <param name="Old">Reports about answers of the old version.</param>
/// <param name="OldLoss">Their losses together, each from 0 to 1.</param>
/// <param name="New">Reports about answers of the new version.</param>
/// <param name="NewLoss">Their losses together.</param>
public readonly record struct QualityCounts(long Old, double OldLoss, long New, double NewLoss)
{
    /// <summary>Both together.</summary>
    public QualityCounts Plus(QualityCounts other) => new(Old + other.Old, OldLoss + other.OldLoss, New + other.New, NewLoss + other.NewLoss);
}
