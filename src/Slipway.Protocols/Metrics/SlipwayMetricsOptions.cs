using System.ComponentModel.DataAnnotations;

namespace Slipway.Protocols.Metrics;

/// <summary>What <c>/metrics</c> shows.</summary>
public sealed class SlipwayMetricsOptions
{
    /// <summary>
    /// Meters that are collected, by name, or by its beginning and <c>*</c>. Default: Slipway's own and the .NET runtime's. Each of ASP.NET's
    /// (<c>Microsoft.AspNetCore.Server.Kestrel</c>, …) that is added costs time per connection or request.
    /// </summary>
    public IList<string> Meters { get; init; } = ["Slipway.*", "System.Runtime"];

    /// <summary>Most series of one instrument; what comes later is added up under the label <c>otel_metric_overflow="true"</c>. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxSeriesPerInstrument { get; set; } = 10_000;

    /// <summary>Whether histogram buckets carry the id of a sampled trace (OpenMetrics only). Default true.</summary>
    public bool Exemplars { get; set; } = true;

    /// <summary>Whether Triton's names (<c>nv_inference_*</c>) are shown as well. Default false.</summary>
    public bool TritonNames { get; set; }

    /// <summary>Whether TensorFlow Serving's names are shown at <see cref="TensorFlowPath"/>. Default false.</summary>
    public bool TensorFlowNames { get; set; }

    /// <summary>Where TensorFlow Serving's names are shown. Default: TensorFlow Serving's own path.</summary>
    public string TensorFlowPath { get; set; } = "/monitoring/prometheus/metrics";
}
