namespace Slipway.Traffic.Rollouts;

/// <summary>The steps from the old version to the new one.</summary>
/// <param name="Name">Name, for people.</param>
/// <param name="Steps">Steps in order; after the last the new version has everything.</param>
public sealed record RolloutPlan(string Name, IReadOnlyList<RolloutStep> Steps)
{
    /// <summary>5, 25 and 50 percent, watched; copies of a fifth of the requests are compared; proof before the new version gets everything.</summary>
    public static RolloutPlan Canary { get; } = new("canary",
    [
        new RolloutStep { Weight = 5, Shadow = 20, MinRequests = 100, MinTime = TimeSpan.FromMinutes(5) },
        new RolloutStep { Weight = 25, Shadow = 20, MinRequests = 300, MinTime = TimeSpan.FromMinutes(5) },
        new RolloutStep { Weight = 50, Shadow = 20, MinRequests = 500, MinTime = TimeSpan.FromMinutes(10), Prove = true },
    ]);

    /// <summary>Copies only, until they prove that the new version neither fails nor answers otherwise; then canary.</summary>
    public static RolloutPlan ShadowFirst { get; } = new("shadow-first",
        [new RolloutStep { Weight = 0, Shadow = 100, MinRequests = 500, MinTime = TimeSpan.FromMinutes(5), Prove = true }, .. Canary.Steps]);

    /// <summary>Copies only, then everything at once, watched against what the old version did before.</summary>
    public static RolloutPlan BlueGreen { get; } = new("blue-green",
    [
        new RolloutStep { Weight = 0, Shadow = 100, MinRequests = 500, MinTime = TimeSpan.FromMinutes(5), Prove = true },
        new RolloutStep { Weight = 100, MinRequests = 500, MinTime = TimeSpan.FromMinutes(10) },
    ]);

    /// <summary>Everything at once, unwatched.</summary>
    public static RolloutPlan Immediate { get; } = new("immediate", []);

    /// <summary>The plans that have names.</summary>
    public static IReadOnlyList<RolloutPlan> Named { get; } = [Canary, BlueGreen, ShadowFirst, Immediate];

    /// <summary>Every fault of a plan, with its key.</summary>
    public IEnumerable<string> FindFaults()
    {
        if (Steps.Count > 50)
        {
            yield return "steps: at most 50 steps are allowed";
        }

        for (int i = 0; i < Steps.Count; i++)
        {
            RolloutStep step = Steps[i];
            if (step.Weight is not (>= 0 and <= 100))
            {
                yield return $"steps[{i}].weight: a percentage from 0 to 100 is expected";
            }

            if (step.Shadow is not (>= 0 and <= 100))
            {
                yield return $"steps[{i}].shadow: a percentage from 0 to 100 is expected";
            }

            if (step is { Weight: 0, Shadow: 0 })
            {
                yield return $"steps[{i}]: a step without weight needs 'shadow', or nothing could be learnt from it";
            }

            if (step is { Weight: 100, Prove: true } or { Weight: 100, Shadow: > 0 })
            {
                yield return $"steps[{i}]: when the new version has everything there is nothing to compare with; leave 'prove' and 'shadow' away";
            }

            if (step is { Quality: true, Weight: 0 or 100 })
            {
                yield return $"steps[{i}].quality: feedback is about answers of both versions, so a weight above 0 and below 100 is needed";
            }

            if (step.MinRequests < 0 || step.MinTime < TimeSpan.Zero || step.MaxTime <= step.MinTime)
            {
                yield return $"steps[{i}]: 'minRequests' and 'minTime' of 0 or more and 'maxTime' above 'minTime' are expected";
            }
        }
    }
}
