using System.ComponentModel.DataAnnotations;

namespace Slipway.Protocols.Tracing;

/// <summary>Which requests are traced.</summary>
public sealed class TracingOptions
{
    /// <summary>
    /// Share of requests that are traced when the caller says nothing, 0 to 1. Default 0.01. A caller's own decision (<c>traceparent</c>) is kept.
    /// </summary>
    [Range(0.0, 1.0)]
    public double SamplingRatio { get; set; } = 0.01;
}
