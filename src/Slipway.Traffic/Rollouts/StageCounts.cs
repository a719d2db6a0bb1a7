namespace Slipway.Traffic.Rollouts;

/// <summary>What one side did during a step.</summary>
/// <param name="Finished">Requests answered or failed.</param>
/// <param name="Failures">Failed ones among them.</param>
/// <param name="Timed">Requests answered since it was known what slow is.</param>
/// <param name="Slow">Slow ones among them.</param>
/// <param name="Divided">Requests that the weights gave to this side.</param>
public readonly record struct SideCounts(long Finished, long Failures, long Timed, long Slow, long Divided)
{
    /// <summary>Both together.</summary>
    public SideCounts Plus(SideCounts other) =>
        new(Finished + other.Finished, Failures + other.Failures, Timed + other.Timed, Slow + other.Slow, Divided + other.Divided);
}

/// <summary>What copies of requests showed during a step.</summary>
/// <param name="Copies">Copies that ran.</param>
/// <param name="Failures">Copies that the new version failed.</param>
/// <param name="Compared">Copies answered on both sides.</param>
/// <param name="Disagreeing">Those whose answers differ in a label, or can't be compared.</param>
public readonly record struct PairCounts(long Copies, long Failures, long Compared, long Disagreeing)
{
    /// <summary>Both together.</summary>
    public PairCounts Plus(PairCounts other) => new(Copies + other.Copies, Failures + other.Failures, Compared + other.Compared, Disagreeing + other.Disagreeing);
}

/// <summary>What was seen during one step. Counts of replicas of the same step add up.</summary>
/// <param name="Step">Position of the step.</param>
/// <param name="Share">Share of the new version among both, 0 to 1.</param>
/// <param name="Old">The old version.</param>
/// <param name="New">The new version.</param>
/// <param name="Pairs">Copies.</param>
public sealed record StageCounts(int Step, double Share, SideCounts Old, SideCounts New, PairCounts Pairs)
{
    /// <summary>What reports said about the answers.</summary>
    public QualityCounts Quality { get; init; }

    /// <summary>With more of the same step.</summary>
    public StageCounts Plus(StageCounts other) =>
        this with { Old = Old.Plus(other.Old), New = New.Plus(other.New), Pairs = Pairs.Plus(other.Pairs), Quality = Quality.Plus(other.Quality) };

    /// <summary>What several replicas saw, step by step, up to a step.</summary>
    public static IReadOnlyList<StageCounts> Sum(IReadOnlyList<StageCounts> all, int upTo) =>
    [
        .. all.Where(stage => stage.Step <= upTo).GroupBy(static stage => stage.Step).OrderBy(static step => step.Key)
            .Select(static step => step.Aggregate(static (sum, stage) => sum.Plus(stage))),
    ];
}
