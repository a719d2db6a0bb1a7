using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads <c>steps</c>: a mapping of names to what they do, and how long and how often.</summary>
internal static class StepSettings
{
    private const int MaxAttempts = 10;

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

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

    /// <summary>A duration above nothing.</summary>
    public static TimeSpan? ReadPositive(ConfigValue value)
    {
        if (value.AsDuration(LongestTime) is not { } duration)
        {
            return null;
        }

        if (duration > TimeSpan.Zero)
        {
            return duration;
        }

        value.Refuse("a duration above 0 is expected");
        return null;
    }

    private static StepDefinition? Read(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        TimeSpan? timeout = mapping.TryGet("timeout", out ConfigValue limit) ? ReadPositive(limit) : null;
        (int attempts, TimeSpan delay) = mapping.TryGet("retry", out ConfigValue retry) ? ReadRetry(retry) : (1, TimeSpan.Zero);
        StepBody? fallback = mapping.GetObject("fallback", static one => BodySettings.Read(one), null);
        StepBody? body = BodySettings.Read(value, mapping);
        return body is null ? null : new StepDefinition { Name = name, Body = body, Timeout = timeout, Attempts = attempts, RetryDelay = delay, Fallback = fallback };
    }

    private static (int Attempts, TimeSpan Delay) ReadRetry(ConfigValue value)
    {
        TimeSpan delay = TimeSpan.FromMilliseconds(10);
        if (value.AsMapping() is not { } mapping)
        {
            return (1, delay);
        }

        int attempts = mapping.Get("attempts", static one => one.AsInt32(1, MaxAttempts), 2);
        delay = mapping.Get("delay", static one => one.AsDuration(LongestTime), delay);
        mapping.Finish();
        return (attempts, delay);
    }
}
