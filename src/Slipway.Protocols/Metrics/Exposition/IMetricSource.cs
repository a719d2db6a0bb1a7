namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>Gives metric families when they are scraped.</summary>
internal interface IMetricSource
{
    /// <summary>Adds the families as they are now. Called by one scrape at a time.</summary>
    void Collect(List<MetricFamily> families);
}
