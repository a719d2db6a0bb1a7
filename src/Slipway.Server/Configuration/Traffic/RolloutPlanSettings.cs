using System.Globalization;
using Slipway.Inference.Configuration;
using Slipway.Traffic.Rollouts;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads plans and policies of rollouts, in the words of the management API but for durations, which have units.</summary>
internal static class RolloutPlanSettings
{
    private const string Custom = "custom";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);
    private static readonly Dictionary<string, RolloutPlan> Plans = RolloutPlan.Named.ToDictionary(static plan => plan.Name, StringComparer.Ordinal);

    private static readonly Dictionary<string, Inconclusive> Inconclusives = new(StringComparer.Ordinal)
    {
        ["hold"] = Inconclusive.Hold,
        ["rollBack"] = Inconclusive.RollBack,
        ["promote"] = Inconclusive.Promote,
    };

    private static readonly Dictionary<string, bool> Directions = new(StringComparer.Ordinal)
    {
        ["higher"] = false,
        ["lower"] = true,
    };

    /// <summary>Words for days.</summary>
    public static IReadOnlyDictionary<string, DayOfWeek> Weekdays { get; } = new Dictionary<string, DayOfWeek>(StringComparer.Ordinal)
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    };

    /// <summary><c>plan</c> and <c>steps</c> of a mapping.</summary>
    public static RolloutPlan ReadPlan(ConfigMapping mapping)
    {
        bool hasSteps = mapping.TryGet("steps", out ConfigValue steps);
        string name = mapping.GetObject("plan", static one => one.AsText(), hasSteps ? Custom : RolloutPlan.Canary.Name)!;
        if (name != Custom)
        {
            if (hasSteps)
            {
                steps.Refuse($"plan '{name}' has its own; steps are for '{Custom}'");
            }

            if (Plans.TryGetValue(name, out RolloutPlan? plan))
            {
                return plan;
            }

            mapping.TryGet("plan", out ConfigValue unknown);
            unknown.Refuse($"one of {string.Join(", ", Plans.Keys)}, {Custom} is expected, not '{name}'");
            return RolloutPlan.Canary;
        }

        RolloutStep[] read = hasSteps ? [.. (steps.AsList() ?? []).Select(ReadStep).OfType<RolloutStep>()] : [];
        if (read.Length == 0 && mapping.TryGet(hasSteps ? "steps" : "plan", out ConfigValue empty))
        {
            empty.Refuse("a custom plan needs 'steps'");
        }

        return new RolloutPlan(Custom, read);
    }

    /// <summary>A policy.</summary>
    public static RolloutPolicy? ReadPolicy(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        RolloutPolicy otherwise = new();
        RolloutPolicy policy = new()
        {
            FalseRollback = mapping.Get("falseRollback", static one => one.AsDouble(), otherwise.FalseRollback),
            FalsePromote = mapping.Get("falsePromote", static one => one.AsDouble(), otherwise.FalsePromote),
            ErrorMargin = mapping.Get("errorMargin", static one => one.AsDouble(), otherwise.ErrorMargin),
            ErrorIgnored = mapping.Get("errorIgnored", static one => one.AsDouble(), otherwise.ErrorIgnored),
            SlowAfter = mapping.TryGet("slowAfter", out ConfigValue slow) ? slow.AsDuration(Longest) : null,
            Slowdown = mapping.Get("slowdown", static one => one.AsDouble(), otherwise.Slowdown),
            SlowMargin = mapping.Get("slowMargin", static one => one.AsDouble(), otherwise.SlowMargin),
            SlowIgnored = mapping.Get("slowIgnored", static one => one.AsDouble(), otherwise.SlowIgnored),
            MaxDisagreement = mapping.Get("maxDisagreement", static one => one.AsDouble(), otherwise.MaxDisagreement),
            Tolerance = mapping.Get("tolerance", static one => one.AsDouble(), otherwise.Tolerance),
            Quality = mapping.GetObject("quality", ReadQuality, null),
            Metrics = mapping.GetObject("metrics", ReadTexts, null) ?? [],
            Windows = mapping.GetObject("windows", ReadWindows, null) ?? [],
            OnInconclusive = mapping.Get("onInconclusive", static one => one.AsOneOf(Inconclusives), otherwise.OnInconclusive),
            Shield = mapping.Get("shield", static one => one.AsBool(), otherwise.Shield),
        };
        mapping.Finish();
        return policy;
    }

    private static RolloutStep? ReadStep(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        RolloutStep otherwise = new();
        RolloutStep step = new()
        {
            Weight = mapping.Get("weight", static one => one.AsDouble(), otherwise.Weight),
            Shadow = mapping.Get("shadow", static one => one.AsDouble(), otherwise.Shadow),
            MinRequests = mapping.Get("minRequests", static one => one.AsInt64(), otherwise.MinRequests),
            MinTime = mapping.Get("minTime", static one => one.AsDuration(Longest), otherwise.MinTime),
            MaxTime = mapping.Get("maxTime", static one => one.AsDuration(Longest), otherwise.MaxTime),
            Prove = mapping.Get("prove", static one => one.AsBool(), otherwise.Prove),
            Quality = mapping.Get("quality", static one => one.AsBool(), otherwise.Quality),
            Approval = mapping.Get("approval", static one => one.AsBool(), otherwise.Approval),
        };
        mapping.Finish();
        return step;
    }

    private static QualityPolicy? ReadQuality(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        QualityPolicy otherwise = new() { Metric = "" };
        QualityPolicy quality = new()
        {
            Metric = mapping.GetObject("metric", static one => one.AsText(), "")!,
            Lowest = mapping.Get("lowest", static one => one.AsDouble(), otherwise.Lowest),
            Highest = mapping.Get("highest", static one => one.AsDouble(), otherwise.Highest),
            LowerIsBetter = mapping.Get("better", static one => one.AsOneOf(Directions), otherwise.LowerIsBetter),
            Margin = mapping.Get("margin", static one => one.AsDouble(), otherwise.Margin),
            Ignored = mapping.Get("ignored", static one => one.AsDouble(), otherwise.Ignored),
            MinLabels = mapping.Get("minLabels", static one => one.AsInt64(), otherwise.MinLabels),
            Remembered = mapping.Get("remembered", static one => one.AsInt32(), otherwise.Remembered),
        };
        mapping.Finish();
        return quality;
    }

    private static List<RolloutWindow>? ReadWindows(ConfigValue value) => value.AsList() is { } list ? [.. list.Select(ReadWindow).OfType<RolloutWindow>()] : null;

    private static RolloutWindow? ReadWindow(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        RolloutWindow otherwise = new();
        RolloutWindow window = new()
        {
            Days = mapping.GetObject("days", static one => one.AsList() is { } days ? days.Select(static day => day.AsOneOf(Weekdays)).OfType<DayOfWeek>().ToList() : null, null) ?? [],
            From = mapping.Get("from", ReadTime, otherwise.From),
            Until = mapping.Get("until", ReadTime, otherwise.Until),
        };
        mapping.Finish();
        return window;
    }

    private static TimeOnly? ReadTime(ConfigValue value)
    {
        if (TimeOnly.TryParseExact(value.AsText(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
        {
            return time;
        }

        value.Refuse("a time of day in UTC as HH:MM is expected, in quotes");
        return null;
    }

    private static List<string>? ReadTexts(ConfigValue value) => value.AsList() is not { } list ? null : [.. list.Select(static one => one.AsText()).OfType<string>()];
}
