namespace Slipway.Bench.Reports;

/// <summary>One measured figure and what it ought to be.</summary>
/// <param name="Target">P1 … P12.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="Value">How much it is.</param>
/// <param name="Unit">Empty for a ratio.</param>
/// <param name="Reach">What is asked for.</param>
/// <param name="Beyond">What would be better still; null when nothing is said.</param>
/// <param name="LessIsBetter">Whether <paramref name="Reach"/> is an upper bound.</param>
/// <param name="Details">The measurements behind it.</param>
internal sealed record TargetResult(
    string Target,
    string Figure,
    double Value,
    string Unit,
    double Reach,
    double? Beyond,
    bool LessIsBetter,
    IReadOnlyList<string> Details)
{
    /// <summary><c>beyond</c>, <c>reached</c> or <c>missed</c>.</summary>
    public string Verdict => Meets(Beyond) ? "beyond" : Meets(Reach) ? "reached" : "missed";

    public static TargetResult AtLeast(string target, string figure, double value, double reach, double? beyond, params IReadOnlyList<object> details) =>
        new(target, figure, value, "", reach, beyond, false, [.. details.Select(static detail => detail.ToString()!)]);

    public static TargetResult AtMost(string target, string figure, double value, string unit, double reach, double? beyond, params IReadOnlyList<object> details) =>
        new(target, figure, value, unit, reach, beyond, true, [.. details.Select(static detail => detail.ToString()!)]);

    private bool Meets(double? bound) => bound is { } limit && (LessIsBetter ? Value <= limit : Value >= limit);
}
