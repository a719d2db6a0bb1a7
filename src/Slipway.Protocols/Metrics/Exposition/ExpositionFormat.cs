namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>Text formats that Prometheus and its kin scrape.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    PrometheusText,

    /// <summary>OpenMetrics text 1.0.</summary>
    OpenMetrics,
}
