namespace Slipway.Traffic.Shadowing;

/// <summary>How two answers to one request compare.</summary>
/// <param name="IsComparable">Whether they have the same outputs in the same shapes.</param>
/// <param name="Rows">Rows compared.</param>
/// <param name="Disagreements">Rows that disagree.</param>
/// <param name="Differences">Differences of all measures.</param>
public readonly record struct PairOutcome(bool IsComparable, long Rows, long Disagreements, Differences Differences)
{
    /// <summary>Answers that can't be compared.</summary>
    public static PairOutcome NotComparable { get; }
}

/// <summary>Absolute differences of numbers.</summary>
/// <param name="Count">Numbers compared.</param>
/// <param name="Sum">Sum of the differences that are finite.</param>
/// <param name="Largest">The largest that is finite.</param>
/// <param name="NotFinite">Differences that are not finite: NaN or infinity on one side only.</param>
public readonly record struct Differences(long Count, double Sum, double Largest, long NotFinite)
{
    /// <summary>Their mean; 0 when there are none.</summary>
    public double Mean => Count > NotFinite ? Sum / (Count - NotFinite) : 0;

    /// <summary>With one more.</summary>
    public Differences Add(double difference) => double.IsFinite(difference)
        ? new(Count + 1, Sum + difference, Math.Max(Largest, difference), NotFinite)
        : this with { Count = Count + 1, NotFinite = NotFinite + 1 };

    /// <summary>Both together.</summary>
    public Differences Plus(Differences other) => new(Count + other.Count, Sum + other.Sum, Math.Max(Largest, other.Largest), NotFinite + other.NotFinite);
}
