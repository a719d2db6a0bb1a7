namespace Slipway.Core;

/// <summary>Bounds of the queue in front of a model. A request that does not fit is refused at once as <see cref="ErrorCode.Overloaded"/>.</summary>
public sealed record QueueConfig
{
    /// <summary>Most rows waiting. Default 8192; 0: nothing waits.</summary>
    public int MaxRows { get; init; } = 8192;

    /// <summary>Most bytes of inputs waiting. Default 256 MiB.</summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>Longest a request waits before it is refused with <see cref="ErrorCode.DeadlineExceeded"/>; null (default): as long as its own deadline.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether a request may set its own, shorter or longer, timeout. Default true.</summary>
    public bool AllowTimeoutOverride { get; init; } = true;

    /// <summary>Number of priority levels, 1 (highest) to this. Default 1: all alike. At most 256.</summary>
    public int PriorityLevels { get; init; } = 1;

    /// <summary>Level of a request that names none (priority 0). Default 0: the middle one.</summary>
    public int DefaultPriority { get; init; }
}
