namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>Types of metric families.</summary>
internal enum MetricKind
{
    /// <summary>Only ever grows; written with the suffix <c>_total</c>.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts by bucket.</summary>
    Histogram,

    /// <summary>Text in labels, value 1; written with the suffix <c>_info</c>.</summary>
    Info,

    /// <summary>A counter under somebody else's name, without <c>_total</c>: OpenMetrics has no such counter, so it is of unknown type there.</summary>
    ForeignCounter,
}
