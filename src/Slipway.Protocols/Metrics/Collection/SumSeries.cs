using Slipway.Core;

namespace Slipway.Protocols.Metrics.Collection;

/// <summary>One series of a counter. Thread-safe, lock-free.</summary>
/// <param name="monotonic">Whether it never falls: what would make it fall is not counted.</param>
internal sealed class SumSeries(bool monotonic) : IMetricSeries
{
    private const int Integers = 0;
    private const int Doubles = 1;

    private readonly Stripes _stripes = new(2);

    /// <summary>The sum now.</summary>
    public double Value => _stripes.ReadInteger(Integers) + _stripes.ReadDouble(Doubles);

    /// <inheritdoc/>
    public void Record(long value)
    {
        if (value >= 0 || !monotonic)
        {
            _stripes.Add(_stripes.Here(), Integers, value);
        }
    }

    /// <inheritdoc/>
    public void Record(double value)
    {
        // Not a number would stick to the sum for good.
        if (double.IsFinite(value) && (value >= 0 || !monotonic))
        {
            _stripes.Add(_stripes.Here(), Doubles, value);
        }
    }
}
