namespace Slipway.Server.Options;

/// <summary>Switches of the protocols.</summary>
public sealed class ProtocolsOptions
{
    /// <summary>Whether <c>/metrics</c> also shows Triton's names (<c>nv_inference_*</c>). Default false.</summary>
    public bool TritonMetrics { get; set; }

    /// <summary>Whether TensorFlow Serving's metrics are shown at <c>/monitoring/prometheus/metrics</c> on the control plane. Default false.</summary>
    public bool TensorflowMetrics { get; set; }

    /// <summary>Whether TensorFlow Serving's REST answers carry CORS headers. Default false, as in TensorFlow Serving.</summary>
    public bool TensorflowCors { get; set; }

    /// <summary>Model that SageMaker's <c>/invocations</c> asks; null (default): the only one there is.</summary>
    public string? SageMakerModel { get; set; }
}
