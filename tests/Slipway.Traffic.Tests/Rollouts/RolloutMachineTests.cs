using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Tests.Rollouts;

public sealed class RolloutMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_good_version_goes_through_all_steps()
    {
        RolloutState state = Begin();
        state = RolloutMachine.Look(state, Seen(state, 1, Stage(0, 0.1, new(900, 0, 900, 9, 900), new(100, 0, 100, 1, 100))));
        Assert.Equal((RolloutPhase.Running, 1), (state.Phase, state.Step));
        state = RolloutMachine.Look(state, Seen(state, 1, state.Stages[0], Stage(1, 0.5, new(2000, 2, 2000, 20, 2000), new(2000, 2, 2000, 21, 2000))));
        Assert.Equal(RolloutPhase.Promoted, state.Phase);
        Assert.Equal("step 2 is proven", state.Reason);
        Assert.NotNull(state.Ended);
    }

    [Fact]
    public void Without_its_time_or_its_requests_a_step_goes_on()
    {
        RolloutState state = Begin();
        Assert.Equal(0, RolloutMachine.Look(state, Seen(state, 0.5, Stage(0, 0.1, new(900, 0, 900, 0, 900), new(100, 0, 100, 0, 100)))).Step);
        Assert.Equal(0, RolloutMachine.Look(state, Seen(state, 1, Stage(0, 0.1, new(400, 0, 400, 0, 400), new(49, 0, 49, 0, 49)))).Step);
    }

    [Fact]
    public void Failures_beyond_its_share_roll_back_whatever_the_phase()
    {
        StageCounts bad = Stage(0, 0.1, new(900, 0, 900, 0, 900), new(100, 20, 80, 0, 100));
        foreach (RolloutState state in new[] { Begin(), RolloutMachine.Pause(Begin()), Begin() with { Phase = RolloutPhase.AwaitingApproval }, Begin() with { Phase = RolloutPhase.Holding } })
        {
            RolloutState after = RolloutMachine.Look(state, Seen(state, 0.01, bad));
            Assert.Equal(RolloutPhase.RolledBack, after.Phase);
            Assert.StartsWith("harm in errors: 20% of the new version against 0%", after.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_outage_that_hits_both_is_no_evidence()
    {
        RolloutState state = Begin();
        RolloutState after = RolloutMachine.Look(state, Seen(state, 0.5, Stage(0, 0.1, new(9000, 4500, 4500, 0, 9000), new(1000, 500, 500, 0, 1000))));
        Assert.Equal(RolloutPhase.Running, after.Phase);
    }

    [Fact]
    public void Slow_answers_and_other_answers_roll_back_too()
    {
        RolloutState state = Begin();
        Assert.Contains("slow", RolloutMachine.Look(state, Seen(state, 0.1, Stage(0, 0.1, new(900, 0, 900, 10, 900), new(100, 0, 100, 60, 100)))).Reason, StringComparison.Ordinal);
        StageCounts other = Stage(0, 0.1, default, default) with { Pairs = new PairCounts(60, 0, 60, 40) };
        Assert.Contains("disagreement", RolloutMachine.Look(state, Seen(state, 0.1, other)).Reason, StringComparison.Ordinal);
        StageCounts failing = Stage(0, 0.1, default, default) with { Pairs = new PairCounts(60, 20, 40, 0) };
        Assert.Contains("shadow-errors", RolloutMachine.Look(state, Seen(state, 0.1, failing)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_that_feedback_calls_wrong_roll_back()
    {
        RolloutState state = Asking(Begin());
        StageCounts stage = Stage(0, 0.1, new(900, 0, 900, 0, 900), new(100, 0, 100, 0, 100));
        RolloutState after = RolloutMachine.Look(state, Seen(state, 0.1, stage with { Quality = new QualityCounts(900, 45, 100, 60) }));
        Assert.Equal(RolloutPhase.RolledBack, after.Phase);
        Assert.StartsWith("harm in quality: 60% of the new version against 5%", after.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(RolloutMachine.Look(state, Seen(state, 0.1, stage)).Findings, one => one.Measure == "quality");
        Assert.Equal(RolloutPhase.Running, RolloutMachine.Look(state, Seen(state, 0.1, stage with { Quality = new QualityCounts(900, 450, 100, 52) })).Phase);
    }

    [Fact]
    public void A_step_that_demands_quality_waits_for_reports_and_says_so_when_its_time_is_over()
    {
        RolloutState state = Asking(Begin(new RolloutStep { Weight = 50, MinRequests = 50, MaxTime = TimeSpan.FromHours(1), Quality = true }));
        StageCounts stage = Stage(0, 0.5, new(5000, 0, 5000, 0, 5000), new(5000, 0, 5000, 0, 5000));
        Assert.Equal(RolloutPhase.Running, RolloutMachine.Look(state, Seen(state, 30, stage)).Phase);
        Assert.Equal(RolloutPhase.Running, RolloutMachine.Look(state, Seen(state, 30, stage with { Quality = new QualityCounts(90, 1, 90, 1) })).Phase);
        Assert.Equal(RolloutPhase.Promoted, RolloutMachine.Look(state, Seen(state, 30, stage with { Quality = new QualityCounts(3000, 60, 3000, 60) })).Phase);
        RolloutState late = RolloutMachine.Look(state, Seen(state, 61, stage with { Quality = new QualityCounts(90, 1, 90, 1) }));
        Assert.Equal(RolloutPhase.Holding, late.Phase);
        Assert.Contains("quality: 90 reports, 100 and a proof are asked for", late.Reason, StringComparison.Ordinal);
        RolloutState strict = state with { Policy = state.Policy with { OnInconclusive = Inconclusive.RollBack } };
        Assert.Equal(RolloutPhase.RolledBack, RolloutMachine.Look(strict, Seen(strict, 61, stage)).Phase);
    }

    [Fact]
    public void With_everything_the_new_version_is_held_against_the_old_ones_answers_before_and_without_them_against_nothing()
    {
        RolloutState state = Asking(Begin(new RolloutStep { Weight = 0, Shadow = 100 }, new RolloutStep { Weight = 100, MinRequests = 1000 })) with { Step = 1 };
        StageCounts before = Stage(0, 0, new(2000, 0, 2000, 0, 2000), default);
        StageCounts now = Stage(1, 1, default, new(500, 0, 500, 0, 500)) with { Quality = new QualityCounts(0, 0, 500, 200) };
        Assert.Equal(RolloutPhase.Running, RolloutMachine.Look(state, Seen(state, 0.1, before, now)).Phase);
        Assert.Equal(RolloutPhase.RolledBack, RolloutMachine.Look(state, Seen(state, 0.1, before with { Quality = new QualityCounts(500, 50, 0, 0) }, now)).Phase);
        Assert.Equal(RolloutPhase.Running, RolloutMachine.Look(state, Seen(state, 0.1, before with { Quality = new QualityCounts(500, 200, 0, 0) }, now)).Phase);
    }

    [Fact]
    public void Rewards_are_losses_of_the_range_in_their_direction()
    {
        QualityPolicy revenue = new() { Metric = "revenue", Lowest = -10, Highest = 40 };
        Assert.Equal([1, 0.5, 0, 0, 1], new[] { -10.0, 15, 40, 1000, -1000 }.Select(revenue.LossOf));
        Assert.Equal(0.25, (revenue with { LowerIsBetter = true, Lowest = 0 }).LossOf(10));
        Assert.Empty(revenue.FindFaults());
        Assert.Equal(
            ["quality.metric", "quality.lowest", "quality.margin", "quality.ignored", "quality.minLabels", "quality.remembered"],
            new QualityPolicy { Metric = "", Lowest = 1, Margin = 0, Ignored = double.NaN, MinLabels = 0, Remembered = 1 }.FindFaults().Select(fault => fault.Split(',', ':')[0]));
    }

    [Fact]
    public void Certain_but_trifling_differences_are_ignored()
    {
        RolloutState state = Begin();
        StageCounts stage = Stage(0, 0.5, new(1_000_000, 100, 1_000_000, 1000, 1_000_000), new(1_000_000, 300, 1_000_000, 3000, 1_000_000));
        RolloutState after = RolloutMachine.Look(state, Seen(state, 0.5, stage));
        Assert.True(after.Findings.First(one => one.Measure == "errors").Evidence < 1);
        RolloutState strict = state with { Policy = state.Policy with { ErrorIgnored = 0 } };
        Assert.Equal(RolloutPhase.RolledBack, RolloutMachine.Look(strict, Seen(strict, 0.5, stage)).Phase);
        Assert.Equal(RolloutPhase.Running, after.Phase);
    }

    [Fact]
    public void Traffic_that_is_not_divided_as_planned_holds_every_conclusion()
    {
        RolloutState state = Begin();
        RolloutState after = RolloutMachine.Look(state, Seen(state, 1, Stage(0, 0.1, new(500, 0, 500, 0, 500), new(500, 0, 500, 0, 500))));
        Assert.Equal(RolloutPhase.Holding, after.Phase);
        Assert.Contains("not divided as planned", after.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_gone_is_rolled_back_and_without_the_old_one_it_holds()
    {
        RolloutState state = Begin();
        RolloutObservation seen = Seen(state, 0.1, Stage(0, 0.1, default, default));
        Assert.Equal((RolloutPhase.RolledBack, "version 7 is gone"), Pair(RolloutMachine.Look(state, seen with { IsNewReady = false })));
        Assert.Equal(RolloutPhase.Holding, RolloutMachine.Look(state, seen with { IsOldReady = false }).Phase);
        Assert.Equal(RolloutPhase.Holding, RolloutMachine.Look(state, seen with { IsOldReady = false, IsNewReady = false }).Phase);
        Assert.Equal(RolloutPhase.Running, RolloutMachine.Look(RolloutMachine.Look(state, seen with { IsOldReady = false }), seen).Phase);

        static (RolloutPhase Phase, string Reason) Pair(RolloutState state) => (state.Phase, state.Reason);
    }

    [Theory]
    [InlineData(Inconclusive.Hold, RolloutPhase.Holding)]
    [InlineData(Inconclusive.RollBack, RolloutPhase.RolledBack)]
    [InlineData(Inconclusive.Promote, RolloutPhase.Promoted)]
    public void When_the_longest_time_proves_nothing_the_policy_decides(Inconclusive policy, RolloutPhase phase)
    {
        RolloutState state = Begin() with { Step = 1, Policy = new RolloutPolicy { OnInconclusive = policy } };
        Assert.Equal(phase, RolloutMachine.Look(state, Seen(state, 61, Stage(1, 0.5, new(10, 0, 10, 0, 10), new(10, 0, 10, 0, 10)))).Phase);
    }

    [Fact]
    public void An_approval_gate_waits_and_promote_opens_it()
    {
        RolloutState state = Begin(new RolloutStep { Weight = 10, Approval = true });
        state = RolloutMachine.Look(state, Seen(state, 1, Stage(0, 0.1, new(9, 0, 9, 0, 9), new(1, 0, 1, 0, 1))));
        Assert.Equal(RolloutPhase.AwaitingApproval, state.Phase);
        Assert.Equal(RolloutPhase.Promoted, RolloutMachine.Promote(state, Start).Phase);
    }

    [Fact]
    public void A_rollout_that_is_over_never_changes()
    {
        foreach (RolloutPhase phase in new[] { RolloutPhase.Promoted, RolloutPhase.RolledBack, RolloutPhase.Aborted })
        {
            RolloutState over = Begin() with { Phase = phase };
            RolloutObservation seen = Seen(over, 1, Stage(0, 0.1, default, new(100, 100, 0, 0, 100)));
            Assert.All(
                [RolloutMachine.Look(over, seen), RolloutMachine.Pause(over), RolloutMachine.Resume(over, Start), RolloutMachine.Promote(over, Start), RolloutMachine.Abort(over, Start)],
                after => Assert.Same(over, after));
        }
    }

    [Fact]
    public void A_plan_without_steps_is_done_at_once() =>
        Assert.Equal(RolloutPhase.Promoted, RolloutMachine.Start(Begin() with { Plan = RolloutPlan.Immediate }, Start).Phase);

    [Fact]
    public void The_plans_with_names_have_no_fault_and_senseless_ones_have() =>
        Assert.Multiple(
            () => Assert.All(RolloutPlan.Named, plan => Assert.Empty(plan.FindFaults())),
            () => Assert.Equal(4, new RolloutPlan("p", [
                new RolloutStep { Weight = double.NaN },
                new RolloutStep(),
                new RolloutStep { Weight = 100, Prove = true },
                new RolloutStep { Weight = 5, MinTime = TimeSpan.FromDays(2) },
            ]).FindFaults().Count()),
            () => Assert.Equal(2, new RolloutPolicy { FalseRollback = 0, ErrorMargin = double.NaN }.FindFaults().Count()));

    [Fact]
    public void After_a_switch_the_new_version_is_held_against_what_the_old_one_did_before()
    {
        RolloutState state = Begin(new RolloutStep { Weight = 0, Shadow = 100 }, new RolloutStep { Weight = 100, MinRequests = 1000 }) with { Step = 1 };
        StageCounts before = Stage(0, 0, new(2000, 20, 1980, 0, 2000), default);
        Assert.Equal(RolloutPhase.RolledBack, RolloutMachine.Look(state, Seen(state, 0.1, before, Stage(1, 1, default, new(200, 40, 160, 0, 200)))).Phase);
        Assert.Equal(RolloutPhase.Promoted, RolloutMachine.Look(state, Seen(state, 0.1, before, Stage(1, 1, default, new(1000, 10, 990, 0, 1000)))).Phase);
    }

    private static RolloutState Begin(params RolloutStep[] steps) => RolloutMachine.Start(
        new RolloutState
        {
            Id = "r",
            Endpoint = "fraud",
            Arm = "stable",
            Model = "fraud",
            From = 6,
            To = 7,
            Policy = new RolloutPolicy(),
            Plan = new RolloutPlan("test", steps.Length > 0 ? steps :
            [
                new RolloutStep { Weight = 10, MinRequests = 50, MinTime = TimeSpan.FromMinutes(1) },
                new RolloutStep { Weight = 50, MinRequests = 50, MinTime = TimeSpan.FromMinutes(1), MaxTime = TimeSpan.FromHours(1), Prove = true },
            ]),
        },
        Start);

    private static RolloutState Asking(RolloutState state) => state with { Policy = state.Policy with { Quality = new QualityPolicy { Metric = "correct" } } };

    private static StageCounts Stage(int step, double share, SideCounts old, SideCounts next) => new(step, share, old, next, default);

    private static RolloutObservation Seen(RolloutState state, double minutes, params StageCounts[] stages) =>
        new(state.StepSince.AddMinutes(minutes), stages, null, true, true);
}
