using System.Globalization;
using Slipway.Traffic.Bench;
using Slipway.Traffic.Endpoints;

// slipway-traffic-bench [rollouts] [part …]: parts are routing, harmless, margin, bad, delay, quality; all without. Rollouts run in virtual time, looked at every five seconds;
// seeds are 0 to rollouts - 1 for each row.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int rollouts = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
string[] parts = args.Length > 1 ? args[1..] : ["routing", "harmless", "margin", "bad", "delay", "quality"];
RolloutReport report = new(rollouts, Console.Out);
foreach (string part in parts)
{
    switch (part)
    {
        case "routing":
            foreach (int rules in (int[])[0, 100])
            {
                (double direct, double routed, long bytes) = await RoutingCost.MeasureAsync(rules);
                Console.WriteLine($"routing with {rules,3} rules: {routed - direct:0.00} us more than {direct:0.00} us, {bytes} bytes a request");
            }

            foreach (BanditKind kind in Enum.GetValues<BanditKind>())
            {
                (double direct, double routed, long bytes) = await RoutingCost.MeasureAsync(kind);
                Console.WriteLine($"routing by {kind}: {routed - direct:0.00} us more than {direct:0.00} us, {bytes} bytes a request");
            }

            break;
        case "harmless":
            report.Harmless();
            break;
        case "margin":
            report.Margin();
            break;
        case "bad":
            report.Bad();
            break;
        case "delay":
            report.Delay();
            break;
        case "quality":
            report.Quality();
            break;
        default:
            await Console.Error.WriteLineAsync($"no part '{part}': routing, harmless, margin, bad, delay, quality");
            return 2;
    }
}

return 0;
