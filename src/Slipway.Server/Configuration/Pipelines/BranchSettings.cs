using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads rules, and steps that divide rows among branches.</summary>
internal static class BranchSettings
{
    private const int MaxBranches = 64;

    private static readonly Dictionary<string, string> NoInputs = [];

    /// <summary>Rules.</summary>
    public static RulesBody? ReadRules(ConfigMapping mapping, ConfigValue value)
    {
        IReadOnlyDictionary<string, string> inputs = mapping.GetObject("inputs", static one => one.AsTextMap(), NoInputs)!;
        return value.AsText() is { } text ? new RulesBody(text) { Inputs = inputs } : null;
    }

    /// <summary>A switch: branches with <c>when</c>, and one without as the last.</summary>
    public static SwitchBody? ReadSwitch(ConfigValue value, int depth) =>
        ReadBranches(value, "when", depth) is { } branches ? new SwitchBody([.. branches[..^1].Select(static one => new SwitchCase(one.Condition!, one.Body))], branches[^1].Body) : null;

    /// <summary>A cascade: branches with <c>accept</c>, and one without as the last.</summary>
    public static CascadeBody? ReadCascade(ConfigValue value, int depth) =>
        ReadBranches(value, "accept", depth) is { } branches ? new CascadeBody([.. branches[..^1].Select(static one => new CascadeStage(one.Body, one.Condition!))], branches[^1].Body) : null;

    private static List<(string? Condition, StepBody Body)>? ReadBranches(ConfigValue value, string conditionKey, int depth)
    {
        if (value.AsList() is not { } list)
        {
            return null;
        }

        if (list.Count is < 2 or > MaxBranches)
        {
            value.Refuse($"2 to {MaxBranches} branches are expected, all but the last with '{conditionKey}'");
            return null;
        }

        List<(string? Condition, StepBody Body)> branches = [];
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].AsMapping() is not { } mapping)
            {
                continue;
            }

            string? condition = mapping.GetObject(conditionKey, static one => one.AsText(), null);
            bool isLast = i == list.Count - 1;
            if (isLast != !mapping.Has(conditionKey))
            {
                list[i].Refuse(isLast ? $"the last branch takes what is left and has no '{conditionKey}'" : $"'{conditionKey}' is expected: only the last branch goes without");
            }
            else if (BodySettings.Read(list[i], mapping, depth + 1) is { } body && (condition is not null || isLast))
            {
                branches.Add((condition, body));
            }
        }

        return branches.Count == list.Count ? branches : null;
    }
}
