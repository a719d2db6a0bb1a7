namespace Slipway.Server.Options;

/// <summary>What <c>/metrics</c> on the control plane shows.</summary>
public sealed class MetricsOptions
{
    /// <summary>Whether metrics are collected for scraping. Default true; OTLP export has a switch of its own.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Most series of one instrument; what comes later is added up in one. Default 10,000.</summary>
    public int MaxSeries { get; set; } = 10_000;

    /// <summary>Whether histogram buckets carry the id of a traced request (OpenMetrics only). Default true.</summary>
    public bool Exemplars { get; set; } = true;
}
