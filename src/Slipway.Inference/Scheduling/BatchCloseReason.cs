namespace Slipway.Inference.Scheduling;

/// <summary>Why a batch was run when it was. Names, in lower case, are metric tags: do not rename.</summary>
internal enum BatchCloseReason
{
    /// <summary>A single request, of a model or kind that is not batched.</summary>
    Single = 0,

    /// <summary>No more rows may be in a batch.</summary>
    Full = 1,

    /// <summary>A preferred size was reached.</summary>
    Preferred = 2,

    /// <summary>The oldest request has waited as long as was promised.</summary>
    Delay = 3,

    /// <summary>The model was free and nothing is to wait on purpose.</summary>
    Idle = 4,

    /// <summary>Requests come so rarely that waiting longer would bring nobody.</summary>
    Early = 5,
}
