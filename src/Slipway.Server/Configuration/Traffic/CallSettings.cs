using Slipway.Inference.Configuration;

namespace Slipway.Server.Configuration.Traffic;

/// <summary>Reads how long and how often something is called: an arm of an endpoint, a step of a pipeline.</summary>
internal static class CallSettings
{
    private const int MaxAttempts = 10;

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);

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

    /// <summary>Reads <c>retry</c>: attempts in all, and the pause between them.</summary>
    /// <param name="value">A mapping.</param>
    /// <param name="delay">The pause when none is given.</param>
    public static (int Attempts, TimeSpan Delay)? ReadRetry(ConfigValue value, TimeSpan delay)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        int attempts = mapping.Get("attempts", static one => one.AsInt32(1, MaxAttempts), 2);
        delay = mapping.Get("delay", static one => one.AsDuration(LongestTime), delay);
        mapping.Finish();
        return (attempts, delay);
    }
}
