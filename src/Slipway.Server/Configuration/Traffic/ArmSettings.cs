using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads <c>arms</c>: a mapping of names to a version, or to a version and how it is called.</summary>
internal static class ArmSettings
{
    /// <summary>All arms. An only arm without a weight gets everything.</summary>
    public static IReadOnlyList<ArmDefinition>? ReadAll(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        List<ArmDefinition> arms = [];
        bool isWeighted = false;
        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (Read(name, one, ref isWeighted) is { } arm)
            {
                arms.Add(arm);
            }
        }

        return arms.Count == 1 && !isWeighted ? [arms[0] with { Weight = 100 }] : arms;
    }

    private static ArmDefinition? Read(string name, ConfigValue value, ref bool isWeighted)
    {
        if (value.IsScalar)
        {
            return TargetSettings.Read(value) is { } bare ? new ArmDefinition { Name = name, Model = bare.Model, Version = bare.Version } : null;
        }

        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        isWeighted |= mapping.Has("weight");
        TargetSettings? target = mapping.GetObject("model", TargetSettings.Read, null) ?? mapping.GetObject("pipeline", ReadPipeline, null);
        if (mapping.Has("model") == mapping.Has("pipeline"))
        {
            value.Refuse("an arm needs 'model' or 'pipeline', one of them");
        }

        ArmDefinition arm = new()
        {
            Name = name,
            Model = target?.Model ?? "",
            Version = target?.Version ?? default,
            Weight = mapping.Get("weight", static one => one.AsDouble(0, 100), 0),
            Timeout = mapping.TryGet("timeout", out ConfigValue timeout) ? CallSettings.ReadPositive(timeout) : null,
            Breaker = mapping.GetObject("breaker", ReadBreaker, null),
            Fallback = mapping.GetObject("fallback", FallbackSettings.Read, null),
        };
        if (mapping.TryGet("retry", out ConfigValue retry) && CallSettings.ReadRetry(retry, arm.RetryDelay) is var (attempts, delay))
        {
            arm = arm with { Attempts = attempts, RetryDelay = delay };
        }

        mapping.Finish();
        return target is null ? null : arm;
    }

    // Whether there is a pipeline of this name is seen when all have been read.
    private static TargetSettings? ReadPipeline(ConfigValue value) => value.AsText() is { } name ? new TargetSettings(name, VersionSelector.Default) : null;

    private static BreakerDefinition? ReadBreaker(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        BreakerDefinition otherwise = BreakerDefinition.Default;
        BreakerDefinition breaker = new(
            mapping.Get("failureRatio", static one => one.AsDouble(0.01, 1), otherwise.FailureRatio),
            mapping.Get("minRequests", static one => one.AsInt32(1), otherwise.MinRequests),
            mapping.Get("window", CallSettings.ReadPositive, otherwise.Window),
            mapping.Get("openFor", CallSettings.ReadPositive, otherwise.OpenFor));
        mapping.Finish();
        return breaker;
    }
}
