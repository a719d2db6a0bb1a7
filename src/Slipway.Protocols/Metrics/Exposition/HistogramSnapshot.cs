namespace Slipway.Protocols.Metrics.Exposition;

/// <summary>A histogram at one moment.</summary>
/// <param name="Bounds">Upper bounds, inclusive, ascending, without infinity.</param>
/// <param name="Counts">Observations per bucket, not cumulative; one more than there are bounds.</param>
/// <param name="Sum">Sum of all observations.</param>
/// <param name="Exemplars">One per bucket, null where there is none; empty when none were taken at all.</param>
internal sealed record HistogramSnapshot(
    IReadOnlyList<double> Bounds,
    IReadOnlyList<long> Counts,
    double Sum,
    IReadOnlyList<Exemplar?> Exemplars);
