using System.Diagnostics.Metrics;

namespace Slipway.Core;

/// <summary>A counter under fixed labels; see <see cref="LabeledHistogram{T}"/>. Thread-safe.</summary>
/// <param name="instrument">The counter.</param>
/// <param name="source">The collector; null: there is none.</param>
/// <param name="labels">Labels. Not to be changed.</param>
public sealed class LabeledCounter(Counter<long> instrument, IMetricSeriesSource? source, KeyValuePair<string, object?>[] labels)
{
    private IMetricSeries? _series;

    /// <summary>Adds to the counter.</summary>
    public void Add(long value)
    {
        (_series ??= source?.Find(instrument, labels))?.Record(value);
        if (instrument.Enabled)
        {
            instrument.Add(value, labels);
        }
    }
}
