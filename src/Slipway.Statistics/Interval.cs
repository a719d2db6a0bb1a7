namespace Slipway.Statistics;

/// <summary>A range of values, ends included.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>High minus low.</summary>
    public double Width => High - Low;

    /// <summary>Whether a value lies within.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>What both have in common; empty (low above high) when nothing.</summary>
    public Interval Intersect(Interval other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));
}
