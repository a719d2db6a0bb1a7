using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Registry.Options;
using Slipway.Registry.PostgreSql;
using Slipway.Registry.S3;

namespace Slipway.Server.Configuration;

/// <summary>The forms that the registry's settings are written in.</summary>
internal static class RegistryParsers
{
    private const int MostStages = 100;
    private const int MostPolicies = 1000;

    /// <summary>A connection string of PostgreSQL.</summary>
    public static bool Store(ConfigValue value, out string? store) => IsUnderstood(value, PostgreSqlDatabase.Validate, out store);

    /// <summary>A connection string of object storage.</summary>
    public static bool Blobs(ConfigValue value, out string? blobs) => IsUnderstood(value, static text => S3ConnectionString.Parse(text), out blobs);

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

    private static bool IsUnderstood(ConfigValue value, Action<string> check, out string? text)
    {
        text = value.AsText();
        if (text is null)
        {
            return false;
        }

        try
        {
            check(text);
            return true;
        }
        catch (SlipwayException refused)
        {
            value.Refuse(refused.Message);
            return false;
        }
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
