using System.Globalization;

namespace Slipway.Traffic.Experiments.Reporting;

/// <summary>Numbers and sentences as reports say them.</summary>
internal static class ReportText
{
    /// <summary>A number with four significant digits.</summary>
    public static string Number(double? value) => value is not { } known ? "–"
        : known == 0 ? "0"
        : Math.Abs(known) is >= 1e-4 and < 1e7 ? known.ToString(Digits(known), CultureInfo.InvariantCulture)
        : known.ToString("0.###e0", CultureInfo.InvariantCulture);

    /// <summary>An interval.</summary>
    public static string Interval(Comparison one) => one.Low is null && one.High is null ? "not yet" : $"{Bound(one.Low, "−∞")} to {Bound(one.High, "∞")}";

    /// <summary>A p-value.</summary>
    public static string PValue(double? value) => value is not { } known ? "–" : known < 0.0001 ? "< 0.0001" : known.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A chance in percent.</summary>
    public static string Percent(double? value) => value switch
    {
        null => "–",
        > 0.9995 and < 1 => "> 99.9 %",
        > 0 and < 0.0005 => "< 0.1 %",
        { } known => known.ToString("0.0 %", CultureInfo.InvariantCulture),
    };

    /// <summary>A whole number.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A time.</summary>
    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>What follows from a comparison.</summary>
    public static string Verdict(Verdict verdict) => verdict switch
    {
        Experiments.Verdict.Better => "better",
        Experiments.Verdict.Worse => "worse",
        Experiments.Verdict.NoEffect => "no effect worth having",
        Experiments.Verdict.Safe => "safe",
        _ => "open",
    };

    /// <summary>Where an experiment is, in a word or two.</summary>
    public static string Phase(ExperimentState state) => state switch
    {
        { Phase: ExperimentPhase.Running, IsMismatched: true } => "blocked: units are not divided as planned",
        _ => state.Phase.ToString().ToLowerInvariant(),
    };

    /// <summary>How the experiment may decide.</summary>
    public static string Rule(ExperimentDefinition definition) => definition.Stopping switch
    {
        StoppingRule.GroupSequential => $"group-sequential: {definition.Looks} looks up to {Count(definition.Horizon)} units of the smallest arm, boundaries by O'Brien–Fleming spending",
        StoppingRule.Fixed => $"fixed: one look at {Count(definition.Horizon)} units of the smallest arm",
        _ => "always-valid: at any look; intervals and p-values hold however often they are looked at",
    };

    private static string Bound(double? value, string none) => value is null ? none : Number(value);

    private static string Digits(double value)
    {
        int before = (int)Math.Floor(Math.Log10(Math.Abs(value))) + 1;
        return before >= 4 ? "#,0" : "0." + new string('#', 4 - before);
    }
}
