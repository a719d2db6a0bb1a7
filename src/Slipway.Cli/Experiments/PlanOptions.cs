using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Statistics.Planning;

namespace Slipway.Cli.Experiments;

/// <summary>Options of <c>slipway experiment plan</c>, and the request that they make.</summary>
internal sealed class PlanOptions
{
    private static readonly Dictionary<string, PlannedMetric> Metrics = new(StringComparer.Ordinal)
    {
        ["proportion"] = PlannedMetric.Proportion,
        ["mean"] = PlannedMetric.Mean,
        ["quantile"] = PlannedMetric.Quantile,
    };

    private static readonly Dictionary<string, PlannedDesign?> Designs = new(StringComparer.Ordinal)
    {
        ["all"] = null,
        ["fixed"] = PlannedDesign.Fixed,
        ["group-sequential"] = PlannedDesign.GroupSequential,
        ["always-valid"] = PlannedDesign.AlwaysValid,
    };

    private static readonly Dictionary<string, BoundaryShape> Shapes = new(StringComparer.Ordinal)
    {
        ["obrien-fleming"] = BoundaryShape.OBrienFleming,
        ["pocock"] = BoundaryShape.Pocock,
    };

    private readonly Option<string> _metric = Word("--metric", "What is compared: proportion (default), mean or quantile.", Metrics.Keys, "proportion");
    private readonly Option<string> _design = Word("--design", "fixed, group-sequential, always-valid, or all (default).", Designs.Keys, "all");
    private readonly Option<string> _shape = Word("--boundary", "Boundaries of a group-sequential design: obrien-fleming (default) or pocock.", Shapes.Keys, "obrien-fleming");
    private readonly Option<string?> _baseline = Number("--baseline", "Rate of the control (10% or 0.1); mean or quantile of the control elsewhere.", "B");
    private readonly Option<string?> _effect = Number("--effect", "Smallest difference worth seeing, absolute; 5% means 5 percent of the baseline. With --non-inferiority: the margin.", "D");
    private readonly Option<double?> _deviation = new("--deviation") { Description = "Standard deviation of one unit, for means (and for quantiles of a normal law).", HelpName = "S" };
    private readonly Option<double> _quantile = new("--quantile") { Description = "Which quantile.", HelpName = "Q", DefaultValueFactory = _ => 0.95 };
    private readonly Option<double?> _density = new("--density") { Description = "Density of the values at the quantile, per unit of measure.", HelpName = "F" };
    private readonly Option<double> _alpha = new("--alpha") { Description = "Chance of a false finding, over all comparisons.", HelpName = "A", DefaultValueFactory = _ => 0.05 };
    private readonly Option<double> _beta = new("--beta") { Description = "Chance of missing the effect (default 0.2: a power of 80 %).", HelpName = "B", DefaultValueFactory = _ => 0.2 };
    private readonly Option<int> _arms = new("--arms") { Description = "Number of arms, the control included.", HelpName = "N", DefaultValueFactory = _ => 2 };
    private readonly Option<string?> _shares = new("--shares") { Description = "Shares of the arms, the control first: 90,10 (default: equal).", HelpName = "W,W" };
    private readonly Option<int> _metrics = new("--metrics") { Description = "Number of primary metrics.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _correlation = new("--correlation") { Description = "Correlation of the metric with a value known before (CUPED; default 0).", HelpName = "R" };
    private readonly Option<int> _looks = new("--looks") { Description = "Looks of a group-sequential design.", HelpName = "N", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _nonInferiority = new("--non-inferiority") { Description = "Prove that the treatment is not worse by the margin, instead of finding a difference." };
    private readonly Option<double?> _daily = new("--daily") { Description = "New units a day, over all arms: gives durations.", HelpName = "N" };
    private readonly Option<double?> _days = new("--days") { Description = "Days that there are, with --daily: gives the smallest effect that is seen.", HelpName = "N" };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_metric, _baseline, _effect, _deviation, _quantile, _density, _alpha, _beta, _arms, _shares, _metrics, _correlation, _design, _looks, _shape, _nonInferiority, _daily, _days])
        {
            command.Add(option);
        }
    }

    /// <summary>The designs asked for.</summary>
    public IReadOnlyList<PlannedDesign> DesignsOf(ParseResult parsed) =>
        Designs[parsed.GetValue(_design)!] is { } one ? [one] : [PlannedDesign.Fixed, PlannedDesign.GroupSequential, PlannedDesign.AlwaysValid];

    /// <summary>New units a day and days; null where not given.</summary>
    /// <exception cref="CliException">Either is wrong.</exception>
    public (double? Daily, double? Days) TrafficOf(ParseResult parsed)
    {
        double? daily = Positive(parsed.GetValue(_daily), "--daily");
        double? days = Positive(parsed.GetValue(_days), "--days");
        return days is not null && daily is null ? throw Wrong("--days", "--daily is needed with it") : (daily, days);

        static double? Positive(double? value, string option) =>
            value is null or (> 0 and < 1e15) ? value : throw Wrong(option, "a number above 0 is expected");
    }

    /// <summary>The request; its design is the fixed one.</summary>
    /// <exception cref="CliException">An option is missing or wrong; it is named.</exception>
    public PlanRequest Read(ParseResult parsed)
    {
        PlannedMetric metric = Metrics[parsed.GetValue(_metric)!];
        (double baseline, _) = Parse(parsed.GetValue(_baseline), "--baseline") ?? (metric == PlannedMetric.Proportion ? throw Wrong("--baseline", "the control's rate is needed") : (0, false));
        (double effect, bool isRelative) = Parse(parsed.GetValue(_effect), "--effect") ?? throw Wrong("--effect", "the smallest difference worth seeing is needed");
        PlanRequest request = new()
        {
            Metric = metric,
            Baseline = baseline,
            Effect = isRelative ? effect * baseline : effect,
            Deviation = parsed.GetValue(_deviation),
            Quantile = parsed.GetValue(_quantile),
            Density = parsed.GetValue(_density),
            Alpha = parsed.GetValue(_alpha),
            Beta = parsed.GetValue(_beta),
            Shares = Shares(parsed),
            Metrics = parsed.GetValue(_metrics),
            Correlation = parsed.GetValue(_correlation),
            IsNonInferiority = parsed.GetValue(_nonInferiority),
            Looks = parsed.GetValue(_looks),
            Shape = Shapes[parsed.GetValue(_shape)!],
        };
        PlanFault[] faults = [.. DesignsOf(parsed).SelectMany(design => PlanCheck.Find(request with { Design = design })).Distinct()];
        return faults.Length == 0 ? request : throw new CliException(ExitCode.Usage, string.Join("; ", faults.Select(static fault => $"--{fault.Name}: {fault.Message}")));
    }

    private double[] Shares(ParseResult parsed)
    {
        int arms = parsed.GetValue(_arms);
        if (parsed.GetValue(_shares) is not { } text)
        {
            return arms is >= 2 and <= PlanCheck.MaxArms ? [.. Enumerable.Repeat(1.0, arms)] : throw Wrong("--arms", $"2 to {PlanCheck.MaxArms} are expected");
        }

        double[] shares = [.. text.Split(',').Select(one => double.TryParse(one, CultureInfo.InvariantCulture, out double share) ? share : throw Wrong("--shares", $"'{one}' is no number"))];
        return parsed.GetResult(_arms) is { Implicit: false } && arms != shares.Length ? throw Wrong("--shares", $"{shares.Length} shares are given for {arms} arms") : shares;
    }

    private static (double Value, bool IsPercent)? Parse(string? text, string option)
    {
        if (text is null)
        {
            return null;
        }

        bool isPercent = text.EndsWith('%');
        return double.TryParse(isPercent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? (isPercent ? value / 100 : value, isPercent)
            : throw Wrong(option, $"'{text}' is no number");
    }

    private static Option<string?> Number(string name, string description, string help) => new(name) { Description = description, HelpName = help };

    private static Option<string> Word(string name, string description, IEnumerable<string> words, string otherwise)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.AcceptOnlyFromAmong([.. words]);
        return option;
    }

    private static CliException Wrong(string option, string message) => new(ExitCode.Usage, $"{option}: {message}");
}
