using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Bench;

/// <summary>What the versions of a simulated service are like. Rates are shares of requests.</summary>
/// <param name="OldErrors">Failures of the old version.</param>
/// <param name="NewErrors">Failures of the new version.</param>
/// <param name="OldSlow">Slow answers of the old version.</param>
/// <param name="NewSlow">Slow answers of the new version.</param>
/// <param name="Disagreement">Copies that both answer otherwise.</param>
/// <param name="Outages">Whether both versions fail half of their requests every now and then.</param>
/// <param name="Labelled">Requests that feedback comes for.</param>
/// <param name="OldWrong">Wrong answers of the old version among them.</param>
/// <param name="NewWrong">Wrong answers of the new version among them.</param>
internal sealed record World(
    double OldErrors,
    double NewErrors,
    double OldSlow = 0.02,
    double NewSlow = 0.02,
    double Disagreement = 0.05,
    bool Outages = false,
    double Labelled = 0,
    double OldWrong = 0,
    double NewWrong = 0)
{
    /// <summary>Seconds between two looks.</summary>
    public const int LookSeconds = 5;

    /// <summary>Requests a second.</summary>
    public const int RequestsPerSecond = 100;

    private const int OutageEvery = 60;

    /// <summary>What happens between two looks.</summary>
    /// <param name="random">Chance.</param>
    /// <param name="look">Number of the look.</param>
    /// <param name="share">Share of the new version.</param>
    /// <param name="shadow">Share of the old version's requests that are copied.</param>
    public (SideCounts Old, SideCounts New, PairCounts Pairs) Happen(Random random, int look, double share, double shadow)
    {
        const int requests = LookSeconds * RequestsPerSecond;
        bool isOut = Outages && look % OutageEvery < 2;
        int toNew = Draw(random, requests, share);
        int copies = Draw(random, requests - toNew, shadow);
        return (
            Side(random, requests - toNew, isOut ? 0.5 : OldErrors, OldSlow),
            Side(random, toNew, isOut ? 0.5 : NewErrors, NewSlow),
            new PairCounts(copies, Draw(random, copies, NewErrors), copies, Draw(random, copies, Disagreement)));
    }

    /// <summary>What feedback says about the answers between two looks.</summary>
    public QualityCounts Report(Random random, SideCounts old, SideCounts next)
    {
        int oldReports = Draw(random, (int)(old.Finished - old.Failures), Labelled);
        int newReports = Draw(random, (int)(next.Finished - next.Failures), Labelled);
        return new QualityCounts(oldReports, Draw(random, oldReports, OldWrong), newReports, Draw(random, newReports, NewWrong));
    }

    private static SideCounts Side(Random random, int requests, double errors, double slow)
    {
        int failures = Draw(random, requests, errors);
        return new SideCounts(requests, failures, requests - failures, Draw(random, requests - failures, slow), requests);
    }

    // A binomial number by its waiting times, which is fast where the rate is small.
    private static int Draw(Random random, int trials, double rate)
    {
        if (rate > 0.5)
        {
            return trials - Draw(random, trials, 1 - rate);
        }

        if (rate <= 0)
        {
            return 0;
        }

        double log = Math.Log(1 - rate);
        int happened = 0;
        for (double at = Math.Floor(Math.Log(1 - random.NextDouble()) / log); at < trials; at += 1 + Math.Floor(Math.Log(1 - random.NextDouble()) / log))
        {
            happened++;
        }

        return happened;
    }
}
