namespace Slipway.Inference.Versions;

/// <summary>Where a model is with regard to the load lane.</summary>
internal enum LaneStatus
{
    /// <summary>Nothing to do.</summary>
    Idle = 0,

    /// <summary>Waiting for a lane.</summary>
    Queued = 1,

    /// <summary>A lane works on it, and will see changes made meanwhile.</summary>
    Running = 2,
}
