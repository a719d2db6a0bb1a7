using Slipway.Statistics;
using Slipway.Traffic.Rollouts;

namespace Slipway.Traffic.Bench;

/// <summary>Error rates and costs of many simulated rollouts, as tables for docs/rollouts.md. Shares have Wilson intervals of 95 %.</summary>
/// <param name="rollouts">Rollouts of each row.</param>
/// <param name="output">Where tables go.</param>
internal sealed class RolloutReport(int rollouts, TextWriter output)
{
    private const double ErrorThreshold = 0.01;
    private const double SlowThreshold = 0.05;

    private static readonly RolloutPolicy Policy = new();

    private static readonly RolloutPolicy WithQuality = new() { Quality = new QualityPolicy { Metric = "correct" } };

    // Only the proof speaks: how often it is wrong can't be seen while harm ends the rollout before.
    private static readonly RolloutPolicy ProofAlone = new() { FalseRollback = 1e-300 };

    /// <summary>How often versions that are no worse, or worse by less than what is ignored, are rolled back.</summary>
    public void Harmless()
    {
        output.WriteLine($"| harmless versions, {rollouts} rollouts each | rolled back | promoted | neither | median minutes |");
        output.WriteLine("|---|---|---|---|---|");
        Row("errors 0.1 %", new World(0.001, 0.001), Policy);
        Row("errors 1 %", new World(0.01, 0.01), Policy);
        Row("errors 1 %, outages of both", new World(0.01, 0.01, Outages: true), Policy);
        Row("errors 5 %, slow 10 %", new World(0.05, 0.05, 0.1, 0.1), Policy);
        Row("slow 5 %, margin 10 %", new World(0.001, 0.001, 0.05, 0.05), Policy with { SlowMargin = 0.1 });
        Row("errors 1 % -> 1.09 % (0.1 % is ignored)", new World(0.01, 0.0109), Policy);
        Row("slow 5 % -> 6.9 % (2 % is ignored)", new World(0.001, 0.001, 0.05, 0.069), Policy);
    }

    /// <summary>How often versions that are worse by just the margin are promoted.</summary>
    public void Margin()
    {
        output.WriteLine($"| worse by just the margin, {rollouts} rollouts each | promoted | rolled back | promoted by the proof alone |");
        output.WriteLine("|---|---|---|---|");
        foreach ((string name, World world) in new (string, World)[]
        {
            ("errors 0.1 % -> 1.1 %", new World(0.001, 0.011)),
            ("errors 2 % -> 3 %", new World(0.02, 0.03)),
            ("slow 2 % -> 7 %", new World(0.001, 0.001, 0.02, 0.07)),
        })
        {
            Outcome[] outcomes = Run(seed => Trial.Run(world, Policy, seed));
            Outcome[] proof = Run(seed => Trial.Run(world, ProofAlone, seed));
            output.WriteLine($"| {name} | {Share(outcomes, RolloutPhase.Promoted)} | {Share(outcomes, RolloutPhase.RolledBack)} | {Share(proof, RolloutPhase.Promoted)} |");
        }
    }

    /// <summary>What bad versions cost until they are stopped, beside what other rules let through; and what those rules do to harmless versions.</summary>
    public void Bad()
    {
        output.WriteLine($"| bad versions, {rollouts} rollouts each | caught; bad requests of the new version (mean); minutes (median) | thresholds | Mann-Whitney judge |");
        output.WriteLine("|---|---|---|---|");
        foreach ((string name, World world) in new (string, World)[]
        {
            ("errors 0.5 % -> 2 %", new World(0.005, 0.02)),
            ("errors 0.5 % -> 5 %", new World(0.005, 0.05)),
            ("errors 0.5 % -> 20 %", new World(0.005, 0.2)),
            ("errors 0.5 % -> 100 %", new World(0.005, 1)),
            ("slow 2 % -> 10 %", new World(0.001, 0.001, 0.02, 0.1)),
            ("slow 2 % -> 50 %", new World(0.001, 0.001, 0.02, 0.5)),
        })
        {
            Outcome[][] rules = [Run(seed => Trial.Run(world, Policy, seed)), Thresholds(world), Run(seed => OtherRules.Judge(world, seed))];
            output.WriteLine($"| {name} | {string.Join(" | ", rules.Select(static one => $"{Rate(one, RolloutPhase.RolledBack):0.0%}; {one.Average(static outcome => outcome.Bad):0}; {Quantile(one, 0.5):0.0}"))} |");
        }

        output.WriteLine();
        output.WriteLine("| harmless, rolled back | Slipway | thresholds | Mann-Whitney judge |");
        output.WriteLine("|---|---|---|---|");
        foreach ((string name, World world) in new (string, World)[]
        {
            ("errors 0.5 %", new World(0.005, 0.005)),
            ("errors 1 %", new World(0.01, 0.01)),
            ("errors 0.5 %, outages of both", new World(0.005, 0.005, Outages: true)),
        })
        {
            Outcome[][] rules = [Run(seed => Trial.Run(world, Policy, seed)), Thresholds(world), Run(seed => OtherRules.Judge(world, seed))];
            output.WriteLine($"| {name} | {string.Join(" | ", rules.Select(static one => Share(one, RolloutPhase.RolledBack)))} |");
        }
    }

    /// <summary>How long it takes until a bad version is stopped, by the size of the harm.</summary>
    public void Delay()
    {
        output.WriteLine($"| harm, {rollouts} rollouts each | rolled back | minutes until then: median, 9 of 10 | requests of the new version until then: median, 9 of 10 |");
        output.WriteLine("|---|---|---|---|");
        foreach (double errors in (double[])[0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1])
        {
            DelayRow($"errors 0.5 % -> {errors * 100:0.##} %", new World(0.005, errors));
        }

        foreach (double slow in (double[])[0.05, 0.07, 0.1, 0.2, 0.5])
        {
            DelayRow($"slow 2 % -> {slow * 100:0.##} %", new World(0.001, 0.001, 0.02, slow));
        }

        foreach (double disagreement in (double[])[0.3, 0.4, 0.5, 0.9])
        {
            DelayRow($"answers differ in {disagreement * 100:0.##} % (25 % allowed)", new World(0.001, 0.001, Disagreement: disagreement));
        }
    }

    /// <summary>The same questions about what feedback says: wrong answers among those that are reported, of a tenth of all requests.</summary>
    public void Quality()
    {
        output.WriteLine($"| harmless by feedback, {rollouts} rollouts each | rolled back | promoted | neither | median minutes |");
        output.WriteLine("|---|---|---|---|---|");
        Row("wrong 2 %", Wrong(0.02, 0.02), WithQuality);
        Row("wrong 10 %", Wrong(0.1, 0.1), WithQuality);
        Row("wrong 30 %", Wrong(0.3, 0.3), WithQuality);
        Row("wrong 10 % -> 10.9 % (1 % is ignored)", Wrong(0.1, 0.109), WithQuality);
        output.WriteLine();
        output.WriteLine($"| worse by just the margin, {rollouts} rollouts each | promoted | rolled back | promoted by the proof alone |");
        output.WriteLine("|---|---|---|---|");
        foreach ((string name, World world) in new (string, World)[] { ("wrong 2 % -> 7 %", Wrong(0.02, 0.07)), ("wrong 10 % -> 15 %", Wrong(0.1, 0.15)), ("wrong 30 % -> 35 %", Wrong(0.3, 0.35)) })
        {
            Outcome[] outcomes = Run(seed => Trial.Run(world, WithQuality, seed));
            Outcome[] proof = Run(seed => Trial.Run(world, ProofAlone with { Quality = WithQuality.Quality }, seed));
            output.WriteLine($"| {name} | {Share(outcomes, RolloutPhase.Promoted)} | {Share(outcomes, RolloutPhase.RolledBack)} | {Share(proof, RolloutPhase.Promoted)} |");
        }

        output.WriteLine();
        output.WriteLine($"| harm, {rollouts} rollouts each | rolled back | minutes until then: median, 9 of 10 | requests of the new version until then: median, 9 of 10 |");
        output.WriteLine("|---|---|---|---|");
        foreach (double wrong in (double[])[0.12, 0.15, 0.2, 0.3, 0.5, 0.9])
        {
            DelayRow($"wrong 10 % -> {wrong * 100:0.##} %", Wrong(0.1, wrong), WithQuality);
        }

        static World Wrong(double old, double next) => new(0.001, 0.001, Labelled: 0.1, OldWrong: old, NewWrong: next);
    }

    private void Row(string name, World world, RolloutPolicy policy)
    {
        Outcome[] outcomes = Run(seed => Trial.Run(world, policy, seed));
        output.WriteLine($"| {name} | {Share(outcomes, RolloutPhase.RolledBack)} | {Rate(outcomes, RolloutPhase.Promoted):0.0%} | {Rate(outcomes, RolloutPhase.Holding):0.0%} | {Quantile(outcomes, 0.5):0.0} |");
    }

    private void DelayRow(string name, World world, RolloutPolicy? policy = null)
    {
        Outcome[] outcomes = Run(seed => Trial.Run(world, policy ?? Policy, seed));
        Outcome[] caught = [.. outcomes.Where(static one => one.Phase == RolloutPhase.RolledBack)];
        output.WriteLine(caught.Length == 0
            ? $"| {name} | {Share(outcomes, RolloutPhase.RolledBack)} | | |"
            : $"| {name} | {Share(outcomes, RolloutPhase.RolledBack)} | {Quantile(caught, 0.5):0.0}, {Quantile(caught, 0.9):0.0} | {Requests(caught, 0.5)}, {Requests(caught, 0.9)} |");
    }

    private Outcome[] Thresholds(World world) => Run(seed => OtherRules.Fixed(world, ErrorThreshold, SlowThreshold, seed));

    private Outcome[] Run(Func<int, Outcome> one) => [.. Enumerable.Range(0, rollouts).AsParallel().AsOrdered().Select(one)];

    private static double Rate(Outcome[] outcomes, RolloutPhase phase) => outcomes.Count(one => one.Phase == phase) / (double)outcomes.Length;

    private static string Share(Outcome[] outcomes, RolloutPhase phase)
    {
        long count = outcomes.LongCount(one => one.Phase == phase);
        Interval interval = Proportions.Wilson(count, outcomes.Length);
        return $"{Rate(outcomes, phase):0.00%} ({Math.Max(0, interval.Low) * 100:0.00} to {Math.Min(1, interval.High) * 100:0.00})";
    }

    private static double Quantile(Outcome[] outcomes, double quantile) => outcomes.Select(static one => one.Seconds).Order().ElementAt((int)(quantile * (outcomes.Length - 1))) / 60.0;

    private static long Requests(Outcome[] outcomes, double quantile) => outcomes.Select(static one => one.Requests).Order().ElementAt((int)(quantile * (outcomes.Length - 1)));
}
