namespace Slipway.Inference.Scheduling;

/// <summary>Where a pending request is. It only moves forward.</summary>
internal enum PendingState
{
    /// <summary>Not in the queue yet.</summary>
    New = 0,

    /// <summary>In the queue.</summary>
    Queued = 1,

    /// <summary>Taken to run: it can't be withdrawn any more.</summary>
    Taken = 2,

    /// <summary>Withdrawn: cancelled or expired.</summary>
    Dropped = 3,
}
