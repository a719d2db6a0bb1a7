namespace Slipway.Statistics.Planning;

/// <summary>How much an experiment needs.</summary>
/// <param name="Design">The design that this is for.</param>
/// <param name="Units">Most units of each arm, the control first.</param>
/// <param name="AlphaPerComparison">Chance of a false finding of one comparison: the whole divided by their number (Bonferroni), which Holm's procedure never needs more than.</param>
/// <param name="Inflation">Largest total over that of a fixed sample.</param>
/// <param name="ExpectedUnits">Total units until it stops, on average, when the effect is just the planned one; the largest total for a fixed sample.</param>
/// <param name="Boundaries">Boundaries of |Z| at the looks of a group-sequential design; empty elsewhere.</param>
public sealed record PlanResult(
    PlannedDesign Design, IReadOnlyList<long> Units, double AlphaPerComparison, double Inflation, double ExpectedUnits, IReadOnlyList<double> Boundaries)
{
    /// <summary>Units of all arms together, at most.</summary>
    public long Total => Units.Sum();

    /// <summary>Days until the largest total is reached; infinity when that is beyond any calendar.</summary>
    /// <param name="unitsPerDay">New units a day that take part, above 0.</param>
    public double Days(double unitsPerDay) => Total / unitsPerDay;
}
