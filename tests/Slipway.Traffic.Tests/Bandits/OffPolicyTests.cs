using Slipway.Core;
using Slipway.Traffic.Assignment;
using Slipway.Traffic.Bandits;

namespace Slipway.Traffic.Tests.Bandits;

public sealed class OffPolicyTests
{
    private static readonly (string Name, string Key)[] Arms = [("plain", "plain=m:1"), ("bold", "bold=m:2")];

    [Fact]
    public void Estimates_are_unbiased_on_replay_and_their_intervals_hold()
    {
        // Logged with 80:20 over arms that earn 0.3 and 0.6; the other division is 20:80, which earns 0.54.
        SeededRandom random = new(6);
        const int runs = 300;
        double[] sums = new double[3];
        int[] covered = new int[3];
        for (int run = 0; run < runs; run++)
        {
            OffPolicyFindings findings = OffPolicyEvaluation.Evaluate(Log(random, 500), Arms, Target(20, 80), (0, 1));
            OffPolicyEstimate[] estimates = [findings.Ips, findings.Snips, findings.DoublyRobust];
            for (int i = 0; i < estimates.Length; i++)
            {
                sums[i] += estimates[i].Value / runs;
                covered[i] += estimates[i].Low <= 0.54 && estimates[i].High >= 0.54 ? 1 : 0;
            }
        }

        // Standard error of the mean of 300 runs of 500 is about 0.004; coverage of 95 percent has one of 1.3.
        Assert.All(sums, mean => Assert.Equal(0.54, mean, 0.015));
        Assert.All(covered, count => Assert.InRange(count, 0.90 * runs, runs));
    }

    [Fact]
    public void Doubly_robust_and_self_normalised_estimates_vary_less()
    {
        SeededRandom random = new(7);
        OffPolicyFindings findings = OffPolicyEvaluation.Evaluate(Log(random, 4000), Arms, Target(0, 100), (0, 1));
        Assert.True(Width(findings.DoublyRobust) < Width(findings.Ips));
        Assert.True(Width(findings.Snips) < Width(findings.Ips));
        Assert.Equal((5.0, 4000), (findings.LargestWeight, findings.Decisions));

        // Only a fifth of the log is of that arm.
        Assert.InRange(findings.EffectiveDecisions, 700, 900);

        static double Width(OffPolicyEstimate estimate) => estimate.High - estimate.Low;
    }

    [Fact]
    public void The_logged_division_itself_is_estimated_as_what_it_earned()
    {
        LoggedDecision[] log = Log(new SeededRandom(8), 2000);
        OffPolicyFindings findings = OffPolicyEvaluation.Evaluate(log, Arms, Target(80, 20), (0, 1));
        Assert.Equal(log.Average(static one => one.Reward), findings.Ips.Value, 1e-9);
        Assert.Equal(findings.Logged.Value, findings.Snips.Value, 1e-9);
        Assert.Equal(2000, findings.EffectiveDecisions, 1e-6);
    }

    [Fact]
    public void Figures_are_in_the_unit_of_the_rewards()
    {
        LoggedDecision[] log = Log(new SeededRandom(9), 2000);
        OffPolicyFindings plain = OffPolicyEvaluation.Evaluate(log, Arms, Target(50, 50), (0, 1));
        OffPolicyFindings money = OffPolicyEvaluation.Evaluate(log, Arms, Target(50, 50), (-10, 90));
        Assert.Equal((plain.Snips.Value * 100) - 10, money.Snips.Value, 1e-9);
        Assert.Equal((plain.DoublyRobust.Low * 100) - 10, money.DoublyRobust.Low, 1e-9);
    }

    [Fact]
    public void A_division_by_context_is_found_better_where_contexts_matter()
    {
        // Each arm suits one of two contexts; nobody knows better than evenly, which earns 0.5.
        SeededRandom random = new(10);
        LoggedDecision[] log =
        [
            .. Enumerable.Range(0, 4000).Select(i =>
            {
                double context = random.NextDouble() < 0.5 ? 1 : -1;
                int arm = random.NextDouble() < 0.5 ? 0 : 1;
                return new LoggedDecision(i, Arms[arm].Key, 0.5, random.NextDouble() < ((arm == 0) == (context > 0) ? 0.8 : 0.2) ? 1 : 0, [1, context]);
            }),
        ];
        OffPolicyFindings findings = OffPolicyEvaluation.Evaluate(log, Arms, new OffPolicyTarget(), (0, 1));
        Assert.Equal(0.8, findings.DoublyRobust.Value, 0.04);
        Assert.Equal(0.8, findings.Ips.Value, 0.06);
        Assert.Equal(0.5, findings.Logged.Value, 0.04);
    }

    [Fact]
    public void What_the_log_can_not_tell_is_refused_with_the_reason()
    {
        LoggedDecision[] log = Log(new SeededRandom(11), 200);
        Assert.Contains("percentages must sum to 100", Refused(log, Target(20, 70)), StringComparison.Ordinal);
        Assert.Contains("shares.gold: there is no such arm; arms are plain, bold", Refused(log, new OffPolicyTarget { Shares = new Dictionary<string, double> { ["gold"] = 100 } }), StringComparison.Ordinal);
        Assert.Contains("shares.plain: a percentage", Refused(log, Target(double.NaN, 100)), StringComparison.Ordinal);
        Assert.Contains("no decisions with a reward", Refused([], Target(20, 80)), StringComparison.Ordinal);
        Assert.Contains("'context'", Refused(log, new OffPolicyTarget()), StringComparison.Ordinal);
        Assert.Contains("arm 'bold'", Refused([.. log.Where(static one => one.Arm == Arms[0].Key)], Target(20, 80)), StringComparison.Ordinal);

        static string Refused(LoggedDecision[] log, OffPolicyTarget target) => Assert.Throws<SlipwayException>(() => OffPolicyEvaluation.Evaluate(log, Arms, target, (0, 1))).Message;
    }

    private static OffPolicyTarget Target(double plain, double bold) => new() { Shares = new Dictionary<string, double> { ["plain"] = plain, ["bold"] = bold } };

    private static LoggedDecision[] Log(SeededRandom random, int decisions) =>
    [
        .. Enumerable.Range(0, decisions).Select(i =>
        {
            int arm = random.NextDouble() < 0.2 ? 1 : 0;
            return new LoggedDecision(i, Arms[arm].Key, arm == 1 ? 0.2 : 0.8, random.NextDouble() < (arm == 1 ? 0.6 : 0.3) ? 1 : 0, null);
        }),
    ];
}
