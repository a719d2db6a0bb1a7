namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Names that TensorFlow's JSON has for things that Core names otherwise.</summary>
internal static class TensorFlowNames
{
    /// <summary>Name of a version's state.</summary>
    public static string ToName(this ServingVersionState state) => state switch
    {
        ServingVersionState.Start => "START",
        ServingVersionState.Loading => "LOADING",
        ServingVersionState.Available => "AVAILABLE",
        ServingVersionState.Unloading => "UNLOADING",
        ServingVersionState.End => "END",
        _ => "UNKNOWN",
    };
}
