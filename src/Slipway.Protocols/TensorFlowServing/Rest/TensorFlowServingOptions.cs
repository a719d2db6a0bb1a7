namespace Slipway.Protocols.TensorFlowServing.Rest;

/// <summary>Settings of TensorFlow Serving's REST protocol.</summary>
public sealed class TensorFlowServingOptions
{
    /// <summary>Whether answers carry CORS headers, so that pages from anywhere may call from a browser. Default false, as in TensorFlow Serving.</summary>
    public bool EnableCors { get; set; }
}
