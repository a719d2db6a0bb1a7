using System.Diagnostics.Metrics;

namespace Slipway.Core;

/// <summary>
/// The collector of this process, asked for its series: who measures with every request finds a series once rather than by its labels each time. Thread-safe.
/// </summary>
public interface IMetricSeriesSource
{
    /// <summary>
    /// The series of an instrument under these labels; null when there is no collector. Once it was asked for an instrument the collector no longer listens to it:
    /// all its measurements are to be recorded into series (<see cref="LabeledHistogram{T}"/>, <see cref="LabeledCounter"/>).
    /// </summary>
    /// <param name="instrument">A histogram or counter.</param>
    /// <param name="labels">Labels; their values are bounded.</param>
    IMetricSeries? Find(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels);
}
