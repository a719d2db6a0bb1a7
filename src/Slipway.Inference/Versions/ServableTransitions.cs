using Slipway.Core;

namespace Slipway.Inference.Versions;

/// <summary>The steps that a version may take. Anything else is a bug and says so.</summary>
internal static class ServableTransitions
{
    /// <summary>Whether a version may go from one state to the other.</summary>
    public static bool IsAllowed(ServableState from, ServableState to) => (from, to) switch
    {
        // Its turn has come. A version that left service, is leaving it, or failed may be wanted again.
        (ServableState.Unknown or ServableState.Unloaded or ServableState.Failed or ServableState.Draining, ServableState.Loading) => true,

        // The engine has it; or loading was given up: at shutdown, or for want of room.
        (ServableState.Loading, ServableState.Warming or ServableState.Unknown) => true,
        (ServableState.Warming, ServableState.Ready or ServableState.Unknown) => true,

        // What can't be loaded: refused by its configuration, its files, or its warm-up.
        (ServableState.Unknown or ServableState.Unloaded or ServableState.Loading or ServableState.Warming, ServableState.Failed) => true,

        // Out of service.
        (ServableState.Ready, ServableState.Draining) => true,
        (ServableState.Draining, ServableState.Unloaded) => true,

        // Nobody wants a failed version any more.
        (ServableState.Failed, ServableState.Unloaded or ServableState.Failed) => true,
        _ => false,
    };
}
