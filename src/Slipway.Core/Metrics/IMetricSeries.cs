namespace Slipway.Core;

/// <summary>What a collector keeps of one instrument under one set of labels. Thread-safe; records without allocating.</summary>
public interface IMetricSeries
{
    /// <summary>Takes a measurement.</summary>
    void Record(double value);

    /// <summary>Takes a measurement of an integer instrument.</summary>
    void Record(long value);
}
