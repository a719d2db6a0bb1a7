using Slipway.Core;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>The series of an instrument that is not collected.</summary>
internal sealed class NoSeries : IMetricSeries
{
    /// <summary>The only one.</summary>
    public static NoSeries Instance { get; } = new();

    /// <inheritdoc/>
    public void Record(double value)
    {
    }

    /// <inheritdoc/>
    public void Record(long value)
    {
    }
}
