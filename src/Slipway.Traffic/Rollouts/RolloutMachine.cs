using System.Globalization;

namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Where a rollout goes next. Pure: state and observation in, state out; no clock, no I/O. A state that is over never changes.
/// </summary>
public static class RolloutMachine
{
    /// <summary>What follows from looking.</summary>
    /// <param name="state">Where it is.</param>
    /// <param name="seen">What was seen.</param>
    /// <returns>The same phase and step with the new counts, or another.</returns>
    public static RolloutState Look(RolloutState state, RolloutObservation seen)
    {
        if (!state.IsActive)
        {
            return state;
        }

        // 1. A version that is gone decides by itself.
        state = state with { Stages = seen.Stages, Findings = [.. RolloutJudge.Weigh(state.Policy, seen.Stages), .. seen.Metrics.Select(Describe)], SlowAbove = seen.SlowAbove };
        if (!seen.IsNewReady)
        {
            return seen.IsOldReady
                ? End(state, RolloutPhase.RolledBack, seen.Now, $"version {state.To} is gone")
                : Hold(state, $"versions {state.From} and {state.To} are both gone");
        }

        // 2. Harm, whatever else is going on.
        if (state.Findings.FirstOrDefault(static finding => finding.IsHarm) is { } harm)
        {
            return End(state, RolloutPhase.RolledBack, seen.Now, Describe(harm));
        }

        if (!seen.IsOldReady && state.Current is { Weight: < 100 })
        {
            return Hold(state, $"version {state.From} is gone: there is nothing to compare with or to go back to");
        }

        // 3. Progress.
        if (state.Phase is RolloutPhase.Paused or RolloutPhase.AwaitingApproval || state.Current is not { } step)
        {
            return state;
        }

        if (state.Findings.FirstOrDefault(static finding => finding is { Measure: "shares", IsProven: false }) is { } shares)
        {
            return Hold(state, string.Create(CultureInfo.InvariantCulture, $"traffic is not divided as planned (evidence {shares.Evidence:0.#} to 1): no conclusion can be drawn from it"));
        }

        if (seen.Metrics.FirstOrDefault(static one => one.Verdict == MetricVerdict.Holds) is { } away)
        {
            return Hold(state, $"metric {away.Name}: {away.Note}");
        }

        return Progress(state, step, seen);
    }

    /// <summary>Stays as it is until somebody resumes it.</summary>
    public static RolloutState Pause(RolloutState state) => state.IsActive && state.Phase != RolloutPhase.Paused ? state with { Phase = RolloutPhase.Paused, Reason = "paused" } : state;

    /// <summary>Goes on from a pause or from holding. The step's time begins anew, what was seen stays.</summary>
    public static RolloutState Resume(RolloutState state, DateTimeOffset now) => state.Phase is RolloutPhase.Paused or RolloutPhase.Holding
        ? state with { Phase = RolloutPhase.Running, StepSince = now, Reason = "resumed" }
        : state;

    /// <summary>Goes to the next step now: approves, or overrides what the statistics wait for.</summary>
    public static RolloutState Promote(RolloutState state, DateTimeOffset now) => state.IsActive ? Advance(state, now, "promoted by hand") : state;

    /// <summary>Gives the old version everything again.</summary>
    public static RolloutState Abort(RolloutState state, DateTimeOffset now) => state.IsActive ? End(state, RolloutPhase.Aborted, now, "aborted by hand") : state;

    /// <summary>Starts: a plan without steps is done at once.</summary>
    public static RolloutState Start(RolloutState state, DateTimeOffset now)
    {
        state = state with { Phase = RolloutPhase.Running, Step = 0, Started = now, StepSince = now, Reason = "started" };
        return state.Plan.Steps.Count == 0 ? End(state, RolloutPhase.Promoted, now, "promoted at once, as planned") : state;
    }

    private static RolloutState Progress(RolloutState state, RolloutStep step, RolloutObservation seen)
    {
        TimeSpan inStep = seen.Now - state.StepSince;
        StageCounts? stage = seen.Stages.LastOrDefault(one => one.Step == state.Step);
        long requests = step.Weight > 0 ? stage?.New.Finished ?? 0 : stage?.Pairs.Copies ?? 0;
        bool isProven = !step.Prove || Required(step).All(measure => IsProven(state, measure));
        bool isLabelled = !step.Quality || (stage?.Quality.New >= (state.Policy.Quality?.MinLabels ?? 0) && IsProven(state, "quality"));
        bool isOpen = RolloutWindow.IsOpen(state.Policy.Windows, seen.Now);
        if (inStep >= step.MinTime && requests >= step.MinRequests && isProven && isLabelled && seen.Metrics.All(static one => one.Verdict == MetricVerdict.Passes))
        {
            if (!isOpen)
            {
                return state with { Phase = RolloutPhase.Running, Reason = $"step {state.Step + 1} is done and waits for its window" };
            }

            return step.Approval
                ? state with { Phase = RolloutPhase.AwaitingApproval, Reason = $"step {state.Step + 1} is done and waits for approval" }
                : Advance(state, seen.Now, step.Prove || step.Quality ? $"step {state.Step + 1} is proven" : $"step {state.Step + 1} showed no harm");
        }

        if (inStep < step.MaxTime)
        {
            return state.Phase == RolloutPhase.Holding ? state with { Phase = RolloutPhase.Running, Reason = "what it was held for is over" } : state;
        }

        string missing = isLabelled ? "" : $" (quality: {stage?.Quality.New ?? 0} reports, {state.Policy.Quality?.MinLabels} and a proof are asked for)";
        return state.Policy.OnInconclusive switch
        {
            Inconclusive.RollBack => End(state, RolloutPhase.RolledBack, seen.Now, $"step {state.Step + 1} proved nothing in its longest time{missing}"),
            Inconclusive.Promote when !isOpen => Hold(state, $"step {state.Step + 1} proved nothing in its longest time{missing}, and waits for its window"),
            Inconclusive.Promote => Advance(state, seen.Now, $"step {state.Step + 1} proved nothing in its longest time{missing}, and the policy says to go on"),
            _ => Hold(state, $"step {state.Step + 1} proved nothing in its longest time{missing}"),
        };
    }

    private static bool IsProven(RolloutState state, string measure) => state.Findings.Any(finding => finding.Measure == measure && finding.IsProven);

    /// <summary>Measures that a proof needs at a step.</summary>
    private static IEnumerable<string> Required(RolloutStep step)
    {
        if (step.Weight > 0)
        {
            yield return "errors";
            yield return "slow";
        }

        if (step.Shadow > 0)
        {
            yield return "disagreement";
            if (step.Weight == 0)
            {
                yield return "shadow-errors";
            }
        }
    }

    private static RolloutState Advance(RolloutState state, DateTimeOffset now, string reason)
    {
        int next = state.Step + 1;
        return next >= state.Plan.Steps.Count
            ? End(state with { Step = next }, RolloutPhase.Promoted, now, reason)
            : state with { Phase = RolloutPhase.Running, Step = next, StepSince = now, Reason = reason };
    }

    private static RolloutState Hold(RolloutState state, string reason) =>
        state.Phase is RolloutPhase.Paused or RolloutPhase.AwaitingApproval ? state : state with { Phase = RolloutPhase.Holding, Reason = reason };

    private static RolloutState End(RolloutState state, RolloutPhase phase, DateTimeOffset now, string reason) =>
        state with { Phase = phase, Ended = now, Reason = reason };

    private static RolloutFinding Describe(RolloutMetricReading reading) => new(
        "metric:" + reading.Name, reading.Old, reading.New, 0, reading.Verdict == MetricVerdict.RollsBack, reading.Verdict == MetricVerdict.Passes, null)
    {
        Note = reading.Note,
    };

    private static string Describe(RolloutFinding harm) => harm.Note.Length > 0 ? $"harm in {harm.Measure}: {harm.Note}" : string.Create(
        CultureInfo.InvariantCulture,
        $"harm in {harm.Measure}: {harm.New:0.###%} of the new version{(harm.Old is { } old ? $" against {old:0.###%}" : "")}, evidence {harm.Evidence:0.#} to 1");
}

/// <summary>What was seen of a rollout.</summary>
/// <param name="Now">The time.</param>
/// <param name="Stages">Counts of all steps so far, the present one last.</param>
/// <param name="SlowAbove">Bucket above which a request is slow, once known.</param>
/// <param name="IsOldReady">Whether the old version can answer.</param>
/// <param name="IsNewReady">Whether the new version can answer.</param>
public sealed record RolloutObservation(DateTimeOffset Now, IReadOnlyList<StageCounts> Stages, int? SlowAbove, bool IsOldReady, bool IsNewReady)
{
    /// <summary>What the metrics of its policy say.</summary>
    public IReadOnlyList<RolloutMetricReading> Metrics { get; init; } = [];
}
