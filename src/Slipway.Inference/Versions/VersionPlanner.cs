namespace Slipway.Inference.Versions;

/// <summary>
/// Says what to do next for one model. Pure: the same wish and versions give the same step. Asked again after each step until nothing is left.
/// What is new is ready before what is old leaves, so that the model answers all the while.
/// </summary>
internal static class VersionPlanner
{
    /// <param name="wish">What is asked for.</param>
    /// <param name="versions">The versions known, in any order.</param>
    public static VersionAction Next(ModelWish wish, IReadOnlyCollection<VersionView> versions)
    {
        bool isHeld = wish.Problem is not null && wish.Control != ControlMode.Unloaded;
        if (isHeld)
        {
            // The configuration can't be understood: better yesterday's service than a guess.
            return default;
        }

        IReadOnlyList<long> targets = Targets(wish, versions);
        Dictionary<long, VersionView> known = versions.ToDictionary(static view => view.Version);

        // 1. Load what is missing or outdated, the default first.
        foreach (long target in targets)
        {
            VersionView view = known.GetValueOrDefault(target);
            if (!view.IsCurrent && !view.IsRefused)
            {
                return new VersionAction(VersionStep.Load, target);
            }
        }

        // 2. Let go of what is not wanted, smallest first; but each wanted version that is not there keeps one of the old ones in service: those that stand in for
        // something before the others.
        int missing = targets.Count(target => !known.GetValueOrDefault(target).IsReady);
        HashSet<long> wanted = [.. targets];
        VersionView[] unwanted = [.. versions.Where(view => view.IsReady && !wanted.Contains(view.Version))];
        long[] surplus = [.. unwanted.Where(view => missing == 0 || !view.IsHeld).Select(static view => view.Version).Order()];
        return surplus.Length > 0 && unwanted.Length > missing ? new VersionAction(VersionStep.Unload, surplus[0]) : default;
    }

    /// <summary>The versions that ought to be in memory, the default first, then the largest.</summary>
    public static IReadOnlyList<long> Targets(ModelWish wish, IReadOnlyCollection<VersionView> versions)
    {
        if (wish.Control == ControlMode.Unloaded)
        {
            return [];
        }

        IReadOnlyList<long> chosen = wish.Preference;
        if (!wish.IsOnDemand)
        {
            return chosen;
        }

        // On demand: what requests wait for and what is in memory already; and when that is no longer chosen, its successor.
        HashSet<long> ready = [.. versions.Where(static view => view.IsReady).Select(static view => view.Version)];
        bool isSucceeded = ready.Except(chosen).Any();
        return [.. chosen.Where((version, index) => wish.Demanded.Contains(version) || (index == 0 && isSucceeded) || ready.Contains(version))];
    }
}
