using Slipway.Core;

namespace Slipway.Inference.Scheduling;

/// <summary>On which terms a request waits: its turn and how long. Thread-safe.</summary>
internal sealed class QueueTerms(QueueConfig config, TimeProvider time)
{
    private readonly int _standardLevel = config.DefaultPriority > 0 ? config.DefaultPriority : (config.PriorityLevels + 1) / 2;

    /// <summary>The priority level of a request: 0 and levels that there are not mean the default one.</summary>
    public int LevelOf(int priority) => priority > 0 && priority <= config.PriorityLevels ? priority : _standardLevel;

    /// <summary>From when a request is not worth running: its deadline, or its time in the queue, whichever is earlier. <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiryOf(InferenceRequest request, long arrived)
    {
        TimeSpan? timeout = request.QueueTimeout is { } own && config.AllowTimeoutOverride && own > TimeSpan.Zero ? own : config.Timeout;
        long queued = timeout is { } longest ? arrived + Math.Min(ToTicks(longest), long.MaxValue - arrived) : long.MaxValue;
        return Math.Min(queued, request.Deadline ?? long.MaxValue);
    }

    private long ToTicks(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}
