namespace Slipway.Statistics;

/// <summary>An estimated difference that is normal for large samples.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Variance">Variance of the estimate.</param>
/// <param name="Count">Observations of the smallest side: the clock of sequential tests.</param>
public readonly record struct Contrast(double Value, double Variance, long Count)
{
    /// <summary>Estimate over its standard error; 0 without variance.</summary>
    public double Z => Variance > 0 ? Value / Math.Sqrt(Variance) : 0;

    /// <summary>Difference of two means, treatment minus control.</summary>
    public static Contrast Of(Moments control, Moments treatment) => new(
        treatment.Mean - control.Mean,
        control.Count > 1 && treatment.Count > 1 ? (control.Variance / control.Count) + (treatment.Variance / treatment.Count) : 0,
        Math.Min(control.Count, treatment.Count));

    /// <summary>
    /// The same, with the variance of each side at least that of both together. A small side that has seen none of a rare event looks certain of its rate, and finds differences everywhere;
    /// under the hypothesis of no difference both sides have one variance, which the larger one tells.
    /// </summary>
    public static Contrast Cautious(Moments control, Moments treatment)
    {
        Contrast plain = Of(control, treatment);
        if (plain.Count < 2)
        {
            return plain;
        }

        double common = (control.SquaredDeviations + treatment.SquaredDeviations) / (control.Count + treatment.Count - 2);
        return plain with { Variance = (Math.Max(control.Variance, common) / control.Count) + (Math.Max(treatment.Variance, common) / treatment.Count) };
    }

    /// <summary>How much larger this difference is than an independent one.</summary>
    public Contrast Minus(Contrast other) => new(Value - other.Value, Variance + other.Variance, Math.Min(Count, other.Count));
}
