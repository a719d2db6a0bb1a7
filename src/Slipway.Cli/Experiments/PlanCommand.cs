using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Statistics.Planning;

namespace Slipway.Cli.Experiments;

/// <summary><c>slipway experiment plan</c>: how many units an experiment needs and how long that takes. Needs no server.</summary>
internal sealed class PlanCommand
{
    private readonly CliTerminal _terminal;
    private readonly PlanOptions _options = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private PlanCommand(CliTerminal terminal) => _terminal = terminal;

    public static Command Create(CliTerminal terminal)
    {
        PlanCommand plan = new(terminal);
        Command command = new("plan", "Tell how many units an experiment needs, how long it takes, and which effect it can see. Needs no server.") { plan._json };
        plan._options.AddTo(command);
        command.SetAction(plan.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        PlanRequest request = _options.Read(parsed);
        (double? daily, double? days) = _options.TrafficOf(parsed);
        PlanAnswer answer = new(
            request.Metric.ToString().ToLowerInvariant(),
            request.Baseline,
            request.Effect,
            request.Alpha,
            request.Beta,
            Planner.PeekingError(daily is { } units ? (int)Math.Clamp(Math.Ceiling(Planner.Plan(request).Days(units)), 2, PlanCheck.MaxLooks) : 10, request.Alpha),
            [.. _options.DesignsOf(parsed).Select(design => Design(request with { Design = design }, daily, days))]);
        _terminal.Print(answer, PlanJson.Default.PlanAnswer, parsed.GetValue(_json), output => Write(output, request, answer, daily, days));
        return ExitCode.Done;
    }

    private static PlanDesignAnswer Design(PlanRequest request, double? daily, double? days)
    {
        PlanResult result = Planner.Plan(request);
        return new PlanDesignAnswer(
            request.Design switch { PlannedDesign.GroupSequential => "group-sequential", PlannedDesign.AlwaysValid => "always-valid", _ => "fixed" },
            result.Units,
            result.Total,
            result.AlphaPerComparison,
            result.Inflation,
            result.ExpectedUnits,
            result.Boundaries)
        {
            Days = daily is { } units ? result.Days(units) : null,
            ExpectedDays = daily is { } pace ? result.ExpectedUnits / pace : null,
            DetectableEffect = days is { } time ? Planner.DetectableEffect(request, daily!.Value * time) : null,
        };
    }

    private static void Write(TextWriter output, PlanRequest request, PlanAnswer answer, double? daily, double? days)
    {
        string metric = request.Metric == PlannedMetric.Quantile ? $"{Text(request.Quantile)} quantile" : request.Metric.ToString().ToLowerInvariant();
        output.WriteLine(request.IsNonInferiority
            ? $"To prove that a {metric} is not worse by {Text(Math.Abs(request.Effect))}:"
            : $"To see a difference of {Text(request.Effect)} in a {metric}{(request.Baseline == 0 ? "" : $" of {Text(request.Baseline)} ({Text(100 * request.Effect / request.Baseline)} % of it)")}:");
        output.WriteLine($"alpha {Text(request.Alpha)}, power {Text(1 - request.Beta)}, {request.Shares.Count} arms, {request.Metrics} primary metric{(request.Metrics == 1 ? "" : "s")}");
        output.WriteLine();
        output.WriteLine($"{"design",-18}{"units of an arm",-24}{"together",14}{"on average",14}{(daily is null ? "" : $"{"days",10}{"average",10}")}{(days is null ? "" : $"{"seen in " + Text(days.Value) + " d",16}")}");
        foreach (PlanDesignAnswer design in answer.Designs)
        {
            string units = design.Units.Distinct().Count() == 1 ? Count(design.Units[0]) : string.Join(' ', design.Units.Select(static one => Count(one)));
            string time = design.Days is { } whole ? $"{Days(whole),10}{Days(design.ExpectedDays!.Value),10}" : "";
            string seen = days is null ? "" : $"{(design.DetectableEffect is { } effect ? Text(effect) : "nothing"),16}";
            output.WriteLine($"{design.Design,-18}{units,-24}{Count(design.TotalUnits),14}{Count(design.ExpectedUnits),14}{time}{seen}");
        }

        output.WriteLine();
        foreach (PlanDesignAnswer design in answer.Designs.Where(static design => design.Boundaries.Count > 0))
        {
            output.WriteLine($"Boundaries of |z| at the {design.Boundaries.Count} planned looks: {string.Join(", ", design.Boundaries.Select(static one => one.ToString("0.000", CultureInfo.InvariantCulture)))}");
        }

        output.WriteLine("\"On average\": until it stops, when the effect is just the one asked for.");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A fixed sample may be looked at once; looking again and again, and stopping when it says so, makes a false finding {100 * answer.PeekingError:0.#} % likely instead of {100 * request.Alpha:0.#} %."));
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Count(double value) => Math.Ceiling(value).ToString("#,0", CultureInfo.InvariantCulture);

    private static string Days(double value) => value.ToString(value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
