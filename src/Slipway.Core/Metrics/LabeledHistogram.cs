using System.Diagnostics.Metrics;
using System.Numerics;

namespace Slipway.Core;

/// <summary>
/// A histogram under fixed labels. What is recorded goes into the collector's own series, found once, and through the instrument to whoever else listens.
/// A series that nothing was recorded into does not exist. Thread-safe.
/// </summary>
/// <param name="instrument">The histogram.</param>
/// <param name="source">The collector; null: there is none.</param>
/// <param name="labels">Labels. Not to be changed.</param>
/// <typeparam name="T">Type of the measurements.</typeparam>
public sealed class LabeledHistogram<T>(Histogram<T> instrument, IMetricSeriesSource? source, KeyValuePair<string, object?>[] labels)
    where T : struct, INumberBase<T>
{
    private IMetricSeries? _series;

    /// <summary>Takes a measurement.</summary>
    public void Record(T value)
    {
        (_series ??= source?.Find(instrument, labels))?.Record(double.CreateTruncating(value));
        if (instrument.Enabled)
        {
            instrument.Record(value, labels);
        }
    }
}
