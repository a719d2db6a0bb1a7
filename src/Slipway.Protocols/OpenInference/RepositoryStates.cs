using Slipway.Core;

namespace Slipway.Protocols.OpenInference;

/// <summary>States of versions as the model repository extension names them.</summary>
internal static class RepositoryStates
{
    /// <summary>The state's name.</summary>
    public static string Of(ServableState state) => state switch
    {
        ServableState.Ready => "READY",
        ServableState.Loading or ServableState.Warming => "LOADING",
        ServableState.Draining => "UNLOADING",
        ServableState.Unloaded or ServableState.Failed => "UNAVAILABLE",
        _ => "UNKNOWN",
    };
}
