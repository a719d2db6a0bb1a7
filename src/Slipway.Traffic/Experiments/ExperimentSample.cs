using Slipway.Statistics;

namespace Slipway.Traffic.Experiments;

/// <summary>A copy of the units at one moment. Immutable.</summary>
internal sealed class ExperimentSample
{
    private readonly byte[] _arms;
    private readonly long[] _since;
    private readonly double[] _before;
    private readonly double[][] _values;
    private readonly byte[][] _segments;

    public ExperimentSample(UnitTable units)
    {
        _arms = [.. units.Arms];
        _since = [.. units.Since];
        _before = [.. units.Before];
        _values = [.. units.Values.Select(static column => column.ToArray())];
        _segments = [.. units.Segments.Select(static column => column.ToArray())];
        SegmentNames = [.. units.SegmentNames.Select(static names => names.ToArray())];
    }

    /// <summary>Values of segments, dimension by dimension.</summary>
    public IReadOnlyList<IReadOnlyList<string>> SegmentNames { get; }

    /// <summary>When the last unit came; long ago when there is none.</summary>
    public DateTimeOffset Last => _since.Length == 0 ? DateTimeOffset.MinValue : new DateTimeOffset(_since[^1], TimeSpan.Zero);

    /// <summary>Units of each arm.</summary>
    public long[] CountUnits(int arms)
    {
        long[] counts = new long[arms];
        foreach (byte arm in _arms)
        {
            counts[arm]++;
        }

        return counts;
    }

    /// <summary>Moments of a metric in each arm, with the value known before.</summary>
    /// <param name="arms">Number of arms.</param>
    /// <param name="metric">Position and definition of the metric.</param>
    /// <param name="now">Units whose window is not over by now don't count.</param>
    /// <param name="segment">Dimension and value that count; null: all units.</param>
    public Cuped[] Summarise(int arms, (int Index, MetricDefinition Definition) metric, DateTimeOffset now, (int Dimension, int Value)? segment = null)
    {
        // Who has no value from before stands in the middle of those who have.
        double middle = MeanBefore();
        Cuped[] summaries = new Cuped[arms];
        for (int unit = 0; unit < _arms.Length; unit++)
        {
            if (segment is { } within && _segments[within.Dimension][unit] != within.Value)
            {
                continue;
            }

            double value = ValueOf(unit, metric.Index, metric.Definition, now);
            if (!double.IsNaN(value))
            {
                summaries[_arms[unit]] = summaries[_arms[unit]].Add(double.IsNaN(_before[unit]) ? middle : _before[unit], value);
            }
        }

        return summaries;
    }

    /// <summary>Sorted values of a metric in each arm.</summary>
    public double[][] Sort(int arms, (int Index, MetricDefinition Definition) metric, DateTimeOffset now)
    {
        List<double>[] columns = [.. Enumerable.Range(0, arms).Select(static _ => new List<double>())];
        for (int unit = 0; unit < _arms.Length; unit++)
        {
            double value = ValueOf(unit, metric.Index, metric.Definition, now);
            if (!double.IsNaN(value))
            {
                columns[_arms[unit]].Add(value);
            }
        }

        foreach (List<double> column in columns)
        {
            column.Sort();
        }

        return [.. columns.Select(static column => column.ToArray())];
    }

    private double ValueOf(int unit, int index, MetricDefinition metric, DateTimeOffset now)
    {
        double value = _values[index][unit];
        if (metric.Window is { } window)
        {
            value = now.UtcTicks - _since[unit] < window.Ticks ? double.NaN : double.IsNaN(value) ? 0 : value;
        }

        return double.IsNaN(value) || metric.Kind != MetricKind.Rate ? value : value > 0 ? 1 : 0;
    }

    private double MeanBefore()
    {
        Moments known = default;
        foreach (double before in _before)
        {
            known = double.IsNaN(before) ? known : known.Add(before);
        }

        return known.Mean;
    }
}
