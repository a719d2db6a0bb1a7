using System.Globalization;
using Slipway.Traffic.Bench;
using Slipway.Traffic.Rollouts;

// slipway-traffic-bench [rollouts]: routing first, then rollouts in virtual time, looked at every five seconds. Seeds are 0 to rollouts - 1 for each row.
int rollouts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

foreach (int rules in (int[])[0, 100])
{
    (double direct, double routed, long bytes) = await RoutingCost.MeasureAsync(rules);
    Console.WriteLine($"routing with {rules,3} rules: {routed - direct:0.00} us more than {direct:0.00} us, {bytes} bytes a request");
}

RolloutPolicy policy = new();
Console.WriteLine($"harmless versions, {rollouts} rollouts each: rolled back / promoted / neither");
foreach ((string name, World world) in new (string, World)[]
{
    ("errors 0.1%", new World(0.001, 0.001)),
    ("errors 1%", new World(0.01, 0.01)),
    ("errors 1%, outages of both", new World(0.01, 0.01, Outages: true)),
    ("errors 5%, slow 10%", new World(0.05, 0.05, 0.1, 0.1)),
})
{
    Outcome[] outcomes = Run(seed => Trial.Run(world, policy, seed));
    Console.WriteLine($"  {name,-30} {Share(outcomes, RolloutPhase.RolledBack):0.0%} / {Share(outcomes, RolloutPhase.Promoted):0.0%} / {Share(outcomes, RolloutPhase.Holding):0.0%}, median {Median(outcomes, one => one.Seconds) / 60.0:0.0} min");
}

Console.WriteLine("versions worse by just the margin: promoted");
foreach ((string name, World world) in new (string, World)[]
{
    ("errors 0.1% -> 1.1%", new World(0.001, 0.011)),
    ("errors 2% -> 3%", new World(0.02, 0.03)),
    ("slow 2% -> 7%", new World(0.001, 0.001, 0.02, 0.07)),
})
{
    Outcome[] outcomes = Run(seed => Trial.Run(world, policy, seed));
    Console.WriteLine($"  {name,-30} {Share(outcomes, RolloutPhase.Promoted):0.0%}, rolled back {Share(outcomes, RolloutPhase.RolledBack):0.0%}");
}

Console.WriteLine("bad versions: caught, bad requests until then (mean over all), minutes (median); Slipway / thresholds / Mann-Whitney judge");
foreach ((string name, World world) in new (string, World)[]
{
    ("errors 0.5% -> 2%", new World(0.005, 0.02)),
    ("errors 0.5% -> 5%", new World(0.005, 0.05)),
    ("errors 0.5% -> 20%", new World(0.005, 0.2)),
    ("errors 0.5% -> 100%", new World(0.005, 1)),
    ("slow 2% -> 10%", new World(0.001, 0.001, 0.02, 0.1)),
    ("slow 2% -> 50%", new World(0.001, 0.001, 0.02, 0.5)),
})
{
    Outcome[][] rules = [Run(seed => Trial.Run(world, policy, seed)), Run(seed => OtherRules.Fixed(world, 0.01, 0.05, seed)), Run(seed => OtherRules.Judge(world, seed))];
    Console.WriteLine($"  {name,-20} {string.Join(" / ", rules.Select(one => $"{Share(one, RolloutPhase.RolledBack):0%} {one.Average(outcome => outcome.Bad):0} bad {Median(one, outcome => outcome.Seconds) / 60.0:0.0} min"))}");
}

Console.WriteLine("the other rules on a harmless version: rolled back by thresholds / by the judge");
foreach ((string name, World world) in new (string, World)[] { ("errors 0.5%", new World(0.005, 0.005)), ("errors 1%", new World(0.01, 0.01)), ("errors 0.5%, outages of both", new World(0.005, 0.005, Outages: true)) })
{
    Console.WriteLine($"  {name,-30} {Share(Run(seed => OtherRules.Fixed(world, 0.01, 0.05, seed)), RolloutPhase.RolledBack):0.0%} / {Share(Run(seed => OtherRules.Judge(world, seed)), RolloutPhase.RolledBack):0.0%}");
}

Outcome[] Run(Func<int, Outcome> one) => [.. Enumerable.Range(0, rollouts).AsParallel().AsOrdered().Select(one)];

static double Share(Outcome[] outcomes, RolloutPhase phase) => outcomes.Count(one => one.Phase == phase) / (double)outcomes.Length;

static double Median(Outcome[] outcomes, Func<Outcome, double> value) => outcomes.Select(value).Order().ElementAt(outcomes.Length / 2);
