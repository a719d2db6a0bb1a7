namespace Slipway.Inference.Scheduling;

/// <summary>What to do with the queue: run a batch now, or look again later.</summary>
internal readonly record struct BatchAction
{
    /// <summary>Most rows to take; 0: run nothing now.</summary>
    public int MaxRows { get; private init; }

    /// <summary>Most requests to take.</summary>
    public int MaxRequests { get; private init; }

    public BatchCloseReason Reason { get; private init; }

    /// <summary>When nothing is run: how long until it may be; zero when nothing waits at all.</summary>
    public TimeSpan Wait { get; private init; }

    public bool IsRun => MaxRequests > 0;

    /// <summary>Nothing waits.</summary>
    public static BatchAction Idle => default;

    /// <summary>Run the request at the head alone.</summary>
    public static BatchAction RunOne { get; } = new() { MaxRows = int.MaxValue, MaxRequests = 1, Reason = BatchCloseReason.Single };

    /// <summary>Run up to <paramref name="maxRows"/> rows.</summary>
    public static BatchAction Run(int maxRows, BatchCloseReason reason) => new() { MaxRows = maxRows, MaxRequests = int.MaxValue, Reason = reason };

    /// <summary>Look again after <paramref name="wait"/>, or when a request comes.</summary>
    public static BatchAction WaitFor(TimeSpan wait) => new() { Wait = wait };
}
