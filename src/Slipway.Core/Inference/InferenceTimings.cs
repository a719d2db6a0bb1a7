namespace Slipway.Core;

/// <summary>Where the time of one request went.</summary>
/// <param name="Queue">From admission until the batch was closed.</param>
/// <param name="ComputeInput">Gathering inputs.</param>
/// <param name="Compute">Inside the engine.</param>
/// <param name="ComputeOutput">Scattering outputs.</param>
/// <param name="BatchRows">Rows of the batch that the request ran in; 1 for a model without batching.</param>
/// <param name="CacheHit">Whether the answer came from the response cache.</param>
public readonly record struct InferenceTimings(
    TimeSpan Queue,
    TimeSpan ComputeInput,
    TimeSpan Compute,
    TimeSpan ComputeOutput,
    int BatchRows,
    bool CacheHit);
