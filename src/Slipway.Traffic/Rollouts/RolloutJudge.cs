using Slipway.Statistics;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Weighs what was seen. Pure: the same counts give the same findings.
/// </summary>
/// <remarks>
/// Harm: the new version's rate of bad events (failures, slow answers, what feedback calls wrong) is above the old one's by more than what is ignored. Given that chance divides the requests, the evidence holds
/// whatever the rates are and however they drift together: an outage that hits both sides is none. The budget is divided among the measures. Proof: upper bound of the new rate minus
/// lower bound of the old one, each a confidence sequence, lies below the margin; every measure needs its proof, so that none needs a correction. Both hold at every look.
/// </remarks>
internal static class RolloutJudge
{
    private const double NeverShare = 0.999999;

    /// <summary>Weighs a rollout.</summary>
    /// <param name="policy">What counts.</param>
    /// <param name="stages">All steps so far, the present one last.</param>
    /// <returns>One finding for each measure that something is known of.</returns>
    public static IReadOnlyList<RolloutFinding> Weigh(RolloutPolicy policy, IReadOnlyList<StageCounts> stages)
    {
        // The budget is divided among all that may be measured, whether anything is known of it yet or not.
        double harmAt = Math.Log((policy.Quality is null ? 4 : 5) / policy.FalseRollback);
        List<RolloutFinding> findings =
        [
            Compare("errors", policy, stages, Errors, policy.ErrorMargin, policy.ErrorIgnored, harmAt),
            Compare("slow", policy, stages, Slow, policy.SlowMargin, policy.SlowIgnored, harmAt),
        ];
        if (policy.Quality is { } quality && stages.Any(static stage => stage.Quality is not { Old: 0, New: 0 }))
        {
            findings.Add(Compare("quality", policy, stages, Losses, quality.Margin, quality.Ignored, harmAt));
        }

        PairCounts pairs = stages.Aggregate(default(PairCounts), static (sum, stage) => sum.Plus(stage.Pairs));
        if (pairs.Copies > 0)
        {
            // A version that fails as often as the old one may fail as many copies, besides the margin.
            double allowed = Math.Min(0.999, (RateBefore(stages, Errors, policy) ?? 0) + policy.ErrorMargin);
            findings.Add(Limit("shadow-errors", pairs.Failures, pairs.Copies, allowed, policy, harmAt));
            findings.Add(Limit("disagreement", pairs.Disagreeing, pairs.Compared, policy.MaxDisagreement, policy, harmAt));
        }

        if (stages.Count > 0 && stages[^1] is { Share: > 0 and < NeverShare } now)
        {
            double against = ShareGuard.LogEvidence([now.Old.Divided, now.New.Divided], [1 - now.Share, now.Share]);
            findings.Add(new RolloutFinding("shares", 1 - now.Share, null, Math.Exp(Math.Min(against, 700)), false, against < -Math.Log(ShareGuard.Alarm), null));
        }

        return findings;
    }

    private static Tally Errors(StageCounts stage) => new(stage.Old.Failures, stage.Old.Finished, stage.New.Failures, stage.New.Finished);

    private static Tally Slow(StageCounts stage) => new(stage.Old.Slow, stage.Old.Timed, stage.New.Slow, stage.New.Timed);

    private static Tally Losses(StageCounts stage) => new(stage.Quality.OldLoss, stage.Quality.Old, stage.Quality.NewLoss, stage.Quality.New);

    private static RolloutFinding Compare(
        string measure, RolloutPolicy policy, IReadOnlyList<StageCounts> stages, Func<StageCounts, Tally> count, double margin, double ignored, double harmAt)
    {
        // 1. Harm, over all steps: those that divide the traffic together, those without an old version each for itself.
        DividedEvents[] divided =
        [
            .. stages.Where(static stage => stage.Share is > 0 and < NeverShare).Select(stage => count(stage).Divided(stage.Share)),
        ];
        double evidence = DifferenceWager.LogAbove(divided, ignored);
        double? before = RateBefore(stages, count, policy);

        // Few failures and slow answers can be taken for granted of a version that nothing is known of; nobody knows how often a good one is wrong.
        double? allowed = measure == "quality" ? before + ignored : Math.Max(before ?? 0, margin);
        foreach (Tally alone in stages.Where(static stage => stage.Share >= NeverShare).Select(count).Where(tally => tally.New > 0 && allowed is not null))
        {
            evidence += BernoulliMixture.LogAbove(alone.NewBad, alone.New, Math.Clamp(allowed!.Value, 1e-9, 0.999));
        }

        Tally now = stages.Count > 0 ? count(stages[^1]) : default;
        // 2. Proof, of the present step alone: a rate that drifts between steps with different weights would be compared with itself at another time.
        double? worst = now.Old == 0 || now.New == 0 ? null : BernoulliMixture.UpperBound(now.NewBad, now.New, policy.FalsePromote / 2)
            - BernoulliMixture.LowerBound(now.OldBad, now.Old, policy.FalsePromote / 2);
        return new RolloutFinding(
            measure,
            now.Old > 0 ? now.OldBad / now.Old : null,
            now.New > 0 ? now.NewBad / now.New : null,
            Math.Exp(Math.Min(evidence, 700)),
            evidence >= harmAt,
            worst < margin,
            worst);
    }

    /// <summary>The most that the old version's rate may have been over all steps; null when it did nothing. A version without an old one beside it is held against it.</summary>
    private static double? RateBefore(IReadOnlyList<StageCounts> stages, Func<StageCounts, Tally> count, RolloutPolicy policy)
    {
        (double bad, double all) = (0, 0);
        foreach (Tally one in stages.Select(count))
        {
            (bad, all) = (bad + one.OldBad, all + one.Old);
        }

        return all == 0 ? null : BernoulliMixture.UpperBound(bad, all, policy.FalseRollback / 8);
    }

    private static RolloutFinding Limit(string measure, long bad, long all, double allowed, RolloutPolicy policy, double harmAt)
    {
        double evidence = all == 0 ? 0 : BernoulliMixture.LogAbove(bad, all, allowed);
        double? worst = all == 0 ? null : BernoulliMixture.UpperBound(bad, all, policy.FalsePromote);
        return new RolloutFinding(
            measure, allowed, all == 0 ? null : (double)bad / all, Math.Exp(Math.Min(evidence, 700)), evidence >= harmAt, worst <= allowed, worst);
    }

    /// <summary>Bad events, and all, of both sides in one step.</summary>
    private readonly record struct Tally(double OldBad, double Old, double NewBad, double New)
    {
        public DividedEvents Divided(double share) => new(NewBad, OldBad, New + Old, share);
    }
}
