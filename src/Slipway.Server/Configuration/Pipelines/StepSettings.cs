using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Configuration.Traffic;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads <c>steps</c>: a mapping of names to what they do, and how long and how often.</summary>
internal static class StepSettings
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>All steps.</summary>
    public static IReadOnlyList<StepDefinition>? ReadAll(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        List<StepDefinition> steps = [];
        foreach ((string name, ConfigValue one) in mapping.All())
        {
            if (Read(name, one) is { } step)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    private static StepDefinition? Read(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        TimeSpan? timeout = mapping.TryGet("timeout", out ConfigValue limit) ? CallSettings.ReadPositive(limit) : null;
        (int attempts, TimeSpan delay) = mapping.TryGet("retry", out ConfigValue retry) && CallSettings.ReadRetry(retry, RetryDelay) is { } read ? read : (1, TimeSpan.Zero);
        StepBody? fallback = mapping.GetObject("fallback", static one => BodySettings.Read(one), null);
        StepBody? body = BodySettings.Read(value, mapping);
        return body is null ? null : new StepDefinition { Name = name, Body = body, Timeout = timeout, Attempts = attempts, RetryDelay = delay, Fallback = fallback };
    }
}
