using Slipway.Statistics;
using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Bench;

/// <summary>
/// What other tools do, on the same traffic and plan, for failures and slow answers.
/// Fixed: every minute the share of bad requests of the new version is compared with a threshold; the fifth bad minute rolls back (the shape and defaults of Flagger's analysis).
/// Judge: every ten minutes, per-minute shares of both versions go through a Mann–Whitney test with 98 % confidence and a tolerance of a quarter of the shift, outliers left alone
/// (the shape and defaults of Kayenta's judge).
/// </summary>
internal static class OtherRules
{
    private const int LooksPerMinute = 60 / World.LookSeconds;
    private const int BadMinutes = 5;
    private const int JudgeMinutes = 10;
    private const double Confidence = 0.98;
    private const double Tolerance = 0.25;

    /// <summary>The rule of thresholds.</summary>
    /// <param name="world">What the versions are like.</param>
    /// <param name="threshold">Largest share of failures that is good.</param>
    /// <param name="slowThreshold">Largest share of slow answers that is good.</param>
    /// <param name="seed">Chance.</param>
    public static Outcome Fixed(World world, double threshold, double slowThreshold, int seed)
    {
        int bad = 0;
        return Run(world, seed, (minutes, _) =>
        {
            SideCounts now = minutes[^1].New;
            bool isBad = now.Finished > 0 && ((double)now.Failures / now.Finished > threshold || (now.Timed > 0 && (double)now.Slow / now.Timed > slowThreshold));
            bad += isBad ? 1 : 0;
            return bad >= BadMinutes;
        });
    }

    /// <summary>The judge.</summary>
    public static Outcome Judge(World world, int seed) => Run(world, seed, static (minutes, step) =>
        minutes.Count % JudgeMinutes == 0 && (IsHigh(minutes, static side => Share(side.Failures, side.Finished)) || IsHigh(minutes, static side => Share(side.Slow, side.Timed))));

    /// <summary>Whether the new version's minutes are higher than the old one's, by more than the tolerance.</summary>
    private static bool IsHigh(List<(SideCounts Old, SideCounts New)> minutes, Func<SideCounts, double> share)
    {
        double[] old = [.. minutes.Select(minute => share(minute.Old))];
        double[] next = [.. minutes.Select(minute => share(minute.New))];
        if (MannWhitney.PValue(next, old) > 1 - Confidence)
        {
            return false;
        }

        // Shift by Hodges and Lehmann, with the lower end of its interval.
        double[] differences = [.. next.SelectMany(_ => old, static (a, b) => a - b).Order()];
        double n = old.Length;
        int rank = (int)Math.Max(0, Math.Floor((n * n / 2) - (Normal.Quantile(1 - ((1 - Confidence) / 2)) * Math.Sqrt(n * n * ((2 * n) + 1) / 12))));
        double shift = differences[differences.Length / 2];
        return shift > 0 && differences[rank] > Tolerance * shift;
    }

    private static Outcome Run(World world, int seed, Func<List<(SideCounts Old, SideCounts New)>, int, bool> isBad)
    {
        Random random = new(seed);
        List<(SideCounts Old, SideCounts New)> minutes = [];
        (long bad, long requests, int look) = (0, 0, 0);

        // The same shares, ten minutes each.
        while (true)
        {
            int step = Math.Min(2, minutes.Count / JudgeMinutes);
            (SideCounts old, SideCounts next) = (default, default);
            for (int i = 0; i < LooksPerMinute; i++, look++)
            {
                (SideCounts Old, SideCounts New, PairCounts _) seen = world.Happen(random, look, Trial.Plan.Steps[step].Weight / 100, 0);
                (old, next) = (old.Plus(seen.Old), next.Plus(seen.New));
            }

            bad += next.Failures + next.Slow;
            requests += next.Finished;
            minutes.Add((old, next));
            if (isBad(minutes, step))
            {
                return new Outcome(RolloutPhase.RolledBack, bad, requests, minutes.Count * 60, "");
            }

            if (minutes.Count == 3 * JudgeMinutes)
            {
                return new Outcome(RolloutPhase.Promoted, bad, requests, minutes.Count * 60, "");
            }
        }
    }

    private static double Share(long bad, long all) => all == 0 ? 0 : (double)bad / all;
}
