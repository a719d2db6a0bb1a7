namespace Slipway.Statistics;

/// <summary>
/// Confidence sequence for the mean of values in [0, 1], without any assumption about their law: empirical Bernstein with predictable weights
/// (Waudby-Smith and Ramdas 2023, theorem 2). The mean may not change while it is watched. Not thread-safe.
/// </summary>
/// <param name="alpha">Chance of ever being wrong.</param>
public sealed class BoundedMean(double alpha)
{
    private readonly double _budget = Math.Log(2 / alpha);
    private double _sum;
    private double _squares;
    private double _weights;
    private double _weighted;
    private double _cost;

    /// <summary>Values seen.</summary>
    public long Count { get; private set; }

    /// <summary>Means that are left possible: the intersection of all looks so far.</summary>
    public Interval Bounds { get; private set; } = new(0, 1);

    /// <summary>Takes a value in [0, 1].</summary>
    public void Add(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);

        // Weight and centre are decided before the value is looked at.
        double center = (0.5 + _sum) / (Count + 1);
        double variance = (0.25 + _squares) / (Count + 1);
        Count++;
        double weight = Math.Min(0.5, Math.Sqrt(2 * _budget / (variance * Count * Math.Log(1 + Count))));
        double deviation = value - center;
        _weights += weight;
        _weighted += weight * value;
        _cost += 4 * deviation * deviation * ((-double.LogP1(-weight) - weight) / 4);
        _sum += value;
        double mean = (0.5 + _sum) / (Count + 1);
        _squares += (value - mean) * (value - mean);
        double radius = (_budget + _cost) / _weights;
        Bounds = Bounds.Intersect(new Interval((_weighted / _weights) - radius, (_weighted / _weights) + radius));
    }
}
