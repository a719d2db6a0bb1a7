using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Bench.Reports;

/// <summary>All results of a run, as Markdown and JSON.</summary>
internal sealed record Report(string Machine, string Settings, DateTimeOffset Time, IReadOnlyList<TargetResult> Results, IReadOnlyDictionary<string, string> NotMeasured)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes <c>latest.json</c> and <c>latest.md</c> into a folder.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "latest.json"), JsonSerializer.Serialize(this, Json));
        File.WriteAllText(Path.Combine(folder, "latest.md"), ToMarkdown());
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured {Time:yyyy-MM-dd HH:mm} UTC on {Machine}; {Settings}.").AppendLine();
        text.AppendLine("| target | figure | measured | reach | beyond | |").AppendLine("|---|---|---|---|---|---|");
        foreach (TargetResult result in Results)
        {
            string sign = result.LessIsBetter ? "≤ " : "≥ ";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Target} | {result.Figure} | **{Number(result.Value)}**{Unit(result)} | {sign}{Number(result.Reach)}{Unit(result)} | {(result.Beyond is { } beyond ? $"{sign}{Number(beyond)}{Unit(result)}" : "")} | {result.Verdict} |");
        }

        foreach ((string target, string reason) in NotMeasured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {target} | not measured: {reason.Split('\n')[0]} | | | | |");
        }

        text.AppendLine().AppendLine("What was measured:").AppendLine();
        foreach (TargetResult result in Results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {result.Target} {result.Figure}: {string.Join("; ", result.Details)}");
        }

        return text.ToString();
    }

    private static string Unit(TargetResult result) => result.Unit.Length == 0 ? "" : " " + result.Unit;

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);
}
