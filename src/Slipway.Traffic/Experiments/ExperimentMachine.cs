using System.Globalization;
using Slipway.Statistics;

namespace Slipway.Traffic.Experiments;

/// <summary>Where an experiment goes from what was seen. Pure: state and units in, state out.</summary>
internal static class ExperimentMachine
{
    private const int MaxPoints = 240;

    /// <summary>Begins.</summary>
    public static ExperimentState Start(ExperimentState state, IReadOnlyList<string> arms, IReadOnlyList<double> shares, string division, string? by, DateTimeOffset now)
    {
        double sum = shares.Sum();
        return (state with
        {
            Phase = ExperimentPhase.Running,
            Reason = "units are counted",
            Started = now,
            Arms = arms,
            Shares = [.. shares.Select(share => share / sum)],
            Division = division,
            NextBoundary = BoundaryOf(state.Definition, arms.Count, [], PlannedShare(state.Definition, 1)),
        }).Note(now, "started", $"{arms[0]} is compared with {string.Join(", ", arms.Skip(1))}", by);
    }

    /// <summary>Ends before its time.</summary>
    public static ExperimentState Stop(ExperimentState state, string reason, string? by, DateTimeOffset now) => End(state, ExperimentPhase.Stopped, reason, now, by);

    /// <summary>Looks at the units.</summary>
    public static ExperimentState Look(ExperimentState before, ExperimentSample sample, bool isFull, DateTimeOffset now)
    {
        ExperimentDefinition definition = before.Definition;
        ExperimentAnalysis analysis = new(before, sample, now);
        double? boundary = before.NextBoundary;
        bool isDue = boundary is null;
        IReadOnlyList<double> taken = before.Taken;
        if (boundary is not null && analysis.SmallestCount() is var count && IsDue(definition, taken.Count + 1, count))
        {
            isDue = true;
            double share = taken.Count + 1 == LooksOf(definition) ? 1 : Math.Min(0.999, (double)count / definition.Horizon);
            boundary = BoundaryOf(definition, before.Arms.Count, taken, share);
            taken = [.. taken, share];
        }

        ExperimentFindings findings = analysis.Look(boundary, isDue);
        ExperimentState state = before with
        {
            Looks = before.Looks + 1,
            Findings = findings,
            SmallestP = analysis.SmallestP,
            SharesPValue = findings.SharesPValue,
            Taken = taken,
            NextBoundary = taken.Count == before.Taken.Count ? before.NextBoundary
                : taken.Count < LooksOf(definition) ? BoundaryOf(definition, before.Arms.Count, taken, Math.Max(PlannedShare(definition, taken.Count + 1), taken[^1] + 0.001)) : boundary,
            History = Extend(before.History, findings),
        };
        if (taken.Count > before.Taken.Count)
        {
            state = state.Note(now, "look", string.Create(CultureInfo.InvariantCulture, $"planned look {taken.Count} of {LooksOf(definition)}: the boundary of |z| is {boundary:0.000}"));
        }

        if (state.IsMismatched && !before.IsMismatched)
        {
            state = state.Note(now, "mismatch", string.Create(
                CultureInfo.InvariantCulture, $"units are not divided as planned (p = {state.SharesPValue:0.######}): nothing is concluded from here on"));
        }

        return Conclude(state, sample, isFull, now);
    }

    private static ExperimentState Conclude(ExperimentState state, ExperimentSample sample, bool isFull, DateTimeOffset now)
    {
        ExperimentDefinition definition = state.Definition;
        if (!state.IsMismatched)
        {
            foreach (string arm in state.Arms.Skip(1).Where(arm => !state.Conclusions.ContainsKey(arm)).ToArray())
            {
                if (JudgeArm(state.Findings!, arm) is var (verdict, text))
                {
                    state = (state with { Conclusions = new Dictionary<string, Verdict>(state.Conclusions) { [arm] = verdict } }).Note(now, "verdict", text);
                }
            }

            if (state.Conclusions.Count == state.Arms.Count - 1)
            {
                return End(state, ExperimentPhase.Concluded, Summary(state), now);
            }
        }

        string? over = now - state.Started >= definition.MaxDuration ? "its longest time is over"
            : definition.Stopping != StoppingRule.AlwaysValid && state.Taken.Count == LooksOf(definition) ? "the horizon is reached"
            : isFull && IsRipe(definition, sample, now) ? "it has as many units as it may keep" : null;
        return over is null ? state
            : state.IsMismatched ? End(state, ExperimentPhase.Invalid, $"{over}, and units were not divided as planned: nothing may be concluded", now)
            : End(state, ExperimentPhase.Inconclusive, $"{over} without proof about {string.Join(", ", state.Arms.Skip(1).Where(arm => !state.Conclusions.ContainsKey(arm)))}", now);
    }

    private static (Verdict Verdict, string Text)? JudgeArm(ExperimentFindings findings, string arm)
    {
        if (findings.Guardrails.FirstOrDefault(one => one.Arm == arm && one.Verdict == Verdict.Worse) is { } harm)
        {
            return (Verdict.Worse, string.Create(CultureInfo.InvariantCulture, $"{arm} does harm: {harm.Metric} is worse by more than {harm.Margin}"));
        }

        Comparison primary = findings.Primary.First(one => one.Arm == arm);
        return primary.Verdict switch
        {
            Verdict.Better => (Verdict.Better, $"{arm} is better in {primary.Metric}{Open(findings, arm)}"),
            Verdict.Worse => (Verdict.Worse, $"{arm} is worse in {primary.Metric}"),
            Verdict.NoEffect => (Verdict.NoEffect, $"{arm} can't be better in {primary.Metric} by what is worth having"),
            _ => null,
        };
    }

    private static string Open(ExperimentFindings findings, string arm)
    {
        string[] open = [.. findings.Guardrails.Where(one => one.Arm == arm && one.Verdict == Verdict.Open).Select(static one => one.Metric)];
        return open.Length == 0 ? "" : $"; not yet proven harmless: {string.Join(", ", open)}";
    }

    private static string Summary(ExperimentState state) => string.Join("; ", state.Arms.Skip(1).Select(arm => state.Conclusions[arm] switch
    {
        Verdict.Better => $"{arm} is better",
        Verdict.Worse => $"{arm} is worse",
        _ => $"{arm} has no effect worth having",
    }));

    private static ExperimentState End(ExperimentState state, ExperimentPhase phase, string reason, DateTimeOffset now, string? by = null) =>
        (state with { Phase = phase, Reason = reason, Ended = now }).Note(now, "ended", reason, by);

    // A full table goes on while something may still be reported of its units.
    private static bool IsRipe(ExperimentDefinition definition, ExperimentSample sample, DateTimeOffset now)
    {
        MetricDefinition primary = definition.Metrics[definition.IndexOf(definition.Primary)];
        return primary.IsMeasured || now - sample.Last >= primary.Window;
    }

    private static bool IsDue(ExperimentDefinition definition, int look, long count) =>
        look <= LooksOf(definition) && count >= Math.Ceiling(PlannedShare(definition, look) * definition.Horizon);

    private static int LooksOf(ExperimentDefinition definition) => definition.Stopping == StoppingRule.Fixed ? 1 : definition.Looks;

    private static double PlannedShare(ExperimentDefinition definition, int look) => (double)look / LooksOf(definition);

    /// <summary>Spends like O'Brien and Fleming at the times that looks really had (Lan and DeMets 1983).</summary>
    private static double? BoundaryOf(ExperimentDefinition definition, int arms, IReadOnlyList<double> taken, double share) => definition.Stopping == StoppingRule.AlwaysValid ? null
        : GroupSequential.Spend([.. taken, Math.Min(1, share)], GroupSequential.OBrienFlemingSpending(definition.Alpha / (arms - 1)))[^1];

    private static List<ExperimentPoint> Extend(IReadOnlyList<ExperimentPoint> history, ExperimentFindings findings)
    {
        List<ExperimentPoint> next = [.. history];
        foreach (Comparison one in findings.Primary.Where(static one => one.Difference is not null))
        {
            ExperimentPoint? last = history.LastOrDefault(point => point.Arm == one.Arm);

            // What grew by less than a fiftieth looks the same in a plot.
            if (last is null || one.ControlUnits + one.Units > last.Units * 1.02)
            {
                next.Add(new ExperimentPoint(findings.Time, one.Arm, one.ControlUnits + one.Units, one.Difference!.Value, one.Low, one.High));
            }
        }

        return next.Count <= MaxPoints * findings.Primary.Count ? next
            : [.. next.GroupBy(static point => point.Arm).SelectMany(static arm => arm.Where(static (_, i) => i % 2 == 0)).OrderBy(static point => point.Time)];
    }
}
