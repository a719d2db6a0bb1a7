using Slipway.Statistics;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Weighs what was seen. Pure: the same counts give the same findings.
/// </summary>
/// <remarks>
/// Harm: the new version's rate of bad events (failures, slow answers) is above the old one's by more than what is ignored. Given that chance divides the requests, the evidence holds
/// whatever the rates are and however they drift together: an outage that hits both sides is none. The budget is divided among the measures. Proof: upper bound of the new rate minus
/// lower bound of the old one, each a confidence sequence, lies below the margin; every measure needs its proof, so that none needs a correction. Both hold at every look.
/// </remarks>
public static class RolloutJudge
{
    private const double NeverShare = 0.999999;

    /// <summary>Weighs a rollout.</summary>
    /// <param name="policy">What counts.</param>
    /// <param name="stages">All steps so far, the present one last.</param>
    /// <returns>One finding for each measure that something is known of.</returns>
    public static IReadOnlyList<RolloutFinding> Weigh(RolloutPolicy policy, IReadOnlyList<StageCounts> stages)
    {
        double harmAt = Math.Log(4 / policy.FalseRollback);
        List<RolloutFinding> findings =
        [
            Compare("errors", policy, stages, static side => (side.Failures, side.Finished), policy.ErrorMargin, policy.ErrorIgnored, harmAt),
            Compare("slow", policy, stages, static side => (side.Slow, side.Timed), policy.SlowMargin, policy.SlowIgnored, harmAt),
        ];
        PairCounts pairs = stages.Aggregate(default(PairCounts), static (sum, stage) => sum.Plus(stage.Pairs));
        if (pairs.Copies > 0)
        {
            // A version that fails as often as the old one may fail as many copies, besides the margin.
            double allowed = Math.Min(0.999, RateBefore(stages, static side => (side.Failures, side.Finished), policy) + policy.ErrorMargin);
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

    private static RolloutFinding Compare(
        string measure, RolloutPolicy policy, IReadOnlyList<StageCounts> stages, Func<SideCounts, (long Bad, long All)> count, double margin, double ignored, double harmAt)
    {
        // 1. Harm, over all steps: those that divide the traffic together, those without an old version each for itself.
        DividedEvents[] divided =
        [
            .. stages.Where(static stage => stage.Share is > 0 and < NeverShare)
                .Select(stage => new DividedEvents(count(stage.New).Bad, count(stage.Old).Bad, count(stage.New).All + count(stage.Old).All, stage.Share)),
        ];
        double evidence = DifferenceWager.LogAbove(divided, ignored);
        foreach (StageCounts stage in stages.Where(static stage => stage.Share >= NeverShare))
        {
            if (count(stage.New) is { All: > 0 } alone)
            {
                evidence += BernoulliMixture.LogAbove(alone.Bad, alone.All, Math.Clamp(Math.Max(RateBefore(stages, count, policy), margin), 1e-9, 0.999));
            }
        }

        StageCounts? last = stages.Count > 0 ? stages[^1] : null;
        (long Bad, long All) old = last is null ? default : count(last.Old);
        (long Bad, long All) next = last is null ? default : count(last.New);
        double? oldRate = old.All > 0 ? (double)old.Bad / old.All : null;
        double? newRate = next.All > 0 ? (double)next.Bad / next.All : null;
        // 2. Proof, of the present step alone: a rate that drifts between steps with different weights would be compared with itself at another time.
        double? worst = old.All == 0 || next.All == 0 ? null : BernoulliMixture.UpperBound(next.Bad, next.All, policy.FalsePromote / 2)
            - BernoulliMixture.LowerBound(old.Bad, old.All, policy.FalsePromote / 2);
        return new RolloutFinding(measure, oldRate, newRate, Math.Exp(Math.Min(evidence, 700)), evidence >= harmAt, worst < margin, worst);
    }

    /// <summary>The most that the old version's rate may have been over all steps; 0 when it did nothing. A version without an old one beside it is held against it, or against the margin.</summary>
    private static double RateBefore(IReadOnlyList<StageCounts> stages, Func<SideCounts, (long Bad, long All)> count, RolloutPolicy policy)
    {
        (long bad, long all) = (0, 0);
        foreach (StageCounts stage in stages)
        {
            (long Bad, long All) one = count(stage.Old);
            (bad, all) = (bad + one.Bad, all + one.All);
        }

        return all == 0 ? 0 : BernoulliMixture.UpperBound(bad, all, policy.FalseRollback / 8);
    }

    private static RolloutFinding Limit(string measure, long bad, long all, double allowed, RolloutPolicy policy, double harmAt)
    {
        double evidence = all == 0 ? 0 : BernoulliMixture.LogAbove(bad, all, allowed);
        double? worst = all == 0 ? null : BernoulliMixture.UpperBound(bad, all, policy.FalsePromote);
        return new RolloutFinding(
            measure, allowed, all == 0 ? null : (double)bad / all, Math.Exp(Math.Min(evidence, 700)), evidence >= harmAt, worst <= allowed, worst);
    }
}
