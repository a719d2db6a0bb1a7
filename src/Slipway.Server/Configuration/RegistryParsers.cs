using Slipway.Inference.Configuration;
using Slipway.Registry.Options;

namespace Slipway.Server.Configuration;

/// <summary>The forms that the registry's settings are written in.</summary>
internal static class RegistryParsers
{
    private const int MostStages = 100;
    private const int MostPolicies = 1000;

    /// <summary>A list of different words, at least one.</summary>
    public static bool Stages(ConfigValue value, out IReadOnlyList<string> stages)
    {
        stages = Words(value);
        if (stages.Count is >= 1 and <= MostStages && stages.Distinct(StringComparer.OrdinalIgnoreCase).Count() == stages.Count)
        {
            return true;
        }

        value.Refuse($"a list of 1 to {MostStages} different names is expected");
        return false;
    }

    /// <summary>A list of approval policies.</summary>
    public static bool Approvals(ConfigValue value, out IReadOnlyList<ApprovalPolicy> policies)
    {
        policies = [];
        if (value.AsList() is not { Count: <= MostPolicies } items)
        {
            return false;
        }

        policies = [.. items.Select(Read).OfType<ApprovalPolicy>()];
        return policies.Count == items.Count;
    }

    private static ApprovalPolicy? Read(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        ApprovalPolicy policy = new()
        {
            Models = mapping.GetObject("models", static models => models.AsText(), "*")!,
            Aliases = mapping.TryGet("aliases", out ConfigValue aliases) ? Words(aliases) : [],
            Stages = mapping.TryGet("stages", out ConfigValue stages) ? Words(stages) : [],
            Required = mapping.Get("required", static required => required.AsInt32(1, 100), 1),
            Approvers = mapping.TryGet("approvers", out ConfigValue approvers) ? Words(approvers) : [],
            AllowAuthor = mapping.Get("allowAuthor", static allow => allow.AsBool(), false),
        };
        mapping.Finish();
        if (policy.Aliases.Count == 0 && policy.Stages.Count == 0)
        {
            value.Refuse("aliases or stages that need approvals are expected");
        }

        return policy;
    }

    private static string[] Words(ConfigValue value) => [.. value.AsList()?.Select(static item => item.AsText()).OfType<string>() ?? []];
}
