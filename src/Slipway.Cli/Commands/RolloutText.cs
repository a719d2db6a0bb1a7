using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Client.Rollouts;

namespace Slipway.Cli.Commands;

/// <summary>A rollout as people read it.</summary>
internal static class RolloutText
{
    /// <summary>JSON for machines.</summary>
    public static RolloutTextJson Json { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    /// <summary>JSON from people: unknown keys are errors.</summary>
    public static RolloutTextJson Strict { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });

    /// <summary>Writes what it is, what each measure says, and what was counted.</summary>
    public static void Write(TextWriter output, RolloutDescription rollout)
    {
        output.WriteLine(rollout.Id);
        Line(output, "endpoint", $"{rollout.Endpoint} ({rollout.Model}:{rollout.From} to {rollout.Model}:{rollout.To})");
        Line(output, "phase", $"{rollout.Phase}: {rollout.Reason}");
        Line(output, "plan", rollout.IsOver ? rollout.Plan : $"{rollout.Plan}, step {rollout.Step} of {rollout.Steps.Count}");
        if (rollout.Alias is { } alias)
        {
            Line(output, "alias", $"@{alias.Name} {(alias.State == "moved" ? $"moved to {rollout.To}" : alias.State)}{(alias.Note is { } note ? $": {note}" : "")}");
        }

        foreach (RolloutFindingBody finding in rollout.Findings)
        {
            Line(output, finding.Measure, Of(finding));
        }

        foreach (RolloutStageBody stage in rollout.Stages)
        {
            Line(output, $"step {stage.Step}", string.Create(
                CultureInfo.InvariantCulture,
                $"{stage.Weight:0.##}%: old {stage.Old.Requests} requests, {stage.Old.Failures} failed; new {stage.New.Requests}, {stage.New.Failures} failed; {stage.Copies} copies, {stage.Disagreeing} differ{Reports(stage)}"));
        }
    }

    private static string Describe(RolloutFindingBody finding) => finding.Measure == "shares"
        ? finding.Proven ? "divided as planned" : string.Create(CultureInfo.InvariantCulture, $"NOT divided as planned, evidence {finding.Evidence:0.##} to 1")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"old {Percent(finding.Old)}, new {Percent(finding.New)}; {(finding.Harm ? "HARM" : finding.Proven ? "proven" : "open")}, evidence of harm {finding.Evidence:0.##} to 1{(finding.Worst is { } worst ? $", at worst {Percent(worst)}" : "")}");

    /// <summary>Writes what happened, and what was known then.</summary>
    public static void Write(TextWriter output, RolloutEventList events)
    {
        foreach (RolloutEventBody one in events.Events)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {one.Kind}  {one.Reason}{(one.By is { } by ? $"  by {by}" : "")}"));
            foreach (RolloutFindingBody finding in one.Findings)
            {
                Line(output, finding.Measure, Of(finding));
            }
        }
    }

    private static string Of(RolloutFindingBody finding) => finding.Measure.StartsWith("metric:", StringComparison.Ordinal) ? DescribeMetric(finding) : Describe(finding);

    private static string DescribeMetric(RolloutFindingBody finding) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(finding.Old is { } old ? $"old {old:0.####}, " : "")}new {finding.New?.ToString("0.####", CultureInfo.InvariantCulture) ?? "unknown"}; {(finding.Harm ? "HARM" : finding.Proven ? "within its limits" : "open")}{(finding.Note is { } note ? $": {note}" : "")}");

    private static string Reports(RolloutStageBody stage) => stage.Old.Reports is null && stage.New.Reports is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"; reports: old {stage.Old.Reports ?? 0}, loss {Percent(stage.Old.Loss)}; new {stage.New.Reports ?? 0}, loss {Percent(stage.New.Loss)}");

    private static string Percent(double? rate) => rate is { } known ? known.ToString("0.###%", CultureInfo.InvariantCulture) : "unknown";

    private static void Line(TextWriter output, string key, string value) => output.WriteLine($"  {key,-14}{value}");
}

/// <summary>JSON of the command, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutDescription))]
[JsonSerializable(typeof(RolloutList))]
[JsonSerializable(typeof(RolloutEventList))]
internal sealed partial class RolloutTextJson : JsonSerializerContext;
