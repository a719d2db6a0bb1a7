using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Bench;

/// <summary>One rollout in virtual time, decided by Slipway's own state machine.</summary>
internal static class Trial
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Five, twenty-five and fifty percent; two minutes at least for each.</summary>
    public static RolloutPlan Plan { get; } = new("trial",
    [
        new RolloutStep { Weight = 5, Shadow = 5, MinRequests = 100, MinTime = TimeSpan.FromMinutes(2) },
        new RolloutStep { Weight = 25, Shadow = 5, MinRequests = 500, MinTime = TimeSpan.FromMinutes(2) },
        new RolloutStep { Weight = 50, Shadow = 5, MinRequests = 1000, MinTime = TimeSpan.FromMinutes(2), MaxTime = TimeSpan.FromMinutes(30), Prove = true },
    ]);

    /// <summary>The same, and the last step demands quality.</summary>
    public static RolloutPlan PlanWithQuality { get; } = Plan with { Steps = [.. Plan.Steps.Take(2), Plan.Steps[2] with { Quality = true }] };

    /// <summary>Runs one rollout to its end, or to its longest time.</summary>
    public static Outcome Run(World world, RolloutPolicy policy, int seed)
    {
        Random random = new(seed);
        RolloutState state = RolloutMachine.Start(
            new RolloutState { Id = "t", Endpoint = "e", Arm = "stable", Model = "m", From = 1, To = 2, Plan = policy.Quality is null ? Plan : PlanWithQuality, Policy = policy }, Start);
        List<StageCounts> stages = [];
        (long bad, long requests, int look) = (0, 0, 0);
        for (; state.IsActive && state.Phase != RolloutPhase.Holding; look++)
        {
            RolloutStep step = state.Current!;
            (SideCounts old, SideCounts next, PairCounts pairs) = world.Happen(random, look, step.Weight / 100, step.Shadow / 100);
            StageCounts seen = new(state.Step, step.Weight / 100, old, next, pairs) { Quality = world.Report(random, old, next) };
            if (stages.Count > state.Step)
            {
                stages[state.Step] = stages[state.Step].Plus(seen);
            }
            else
            {
                stages.Add(seen);
            }

            bad += next.Failures + next.Slow;
            requests += next.Finished;
            state = RolloutMachine.Look(state, new RolloutObservation(Start.AddSeconds((look + 1) * World.LookSeconds), [.. stages], 0, true, true));
        }

        return new Outcome(state.Phase, bad, requests, look * World.LookSeconds, state.Reason);
    }
}

/// <summary>How a simulated rollout ended.</summary>
/// <param name="Phase">Where.</param>
/// <param name="Bad">Failed and slow requests of the new version up to then.</param>
/// <param name="Requests">Requests of the new version up to then.</param>
/// <param name="Seconds">Virtual time.</param>
/// <param name="Reason">Why.</param>
internal sealed record Outcome(RolloutPhase Phase, long Bad, long Requests, int Seconds, string Reason);
