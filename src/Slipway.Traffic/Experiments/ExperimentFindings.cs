namespace Slipway.Traffic.Experiments;

/// <summary>What an experiment says at one look. Immutable.</summary>
/// <param name="Time">When.</param>
/// <param name="Units">Units of each arm, the control first.</param>
/// <param name="SharesPValue">Chance of a division as uneven as this when it goes as planned, valid at every look; below <see cref="Slipway.Statistics.ShareGuard.Alarm"/> nothing may be concluded.</param>
/// <param name="Primary">The primary metric, arm by arm.</param>
/// <param name="Guardrails">Guardrails, arm by arm.</param>
/// <param name="Secondary">Secondary metrics, arm by arm.</param>
/// <param name="Segments">The primary metric in each segment.</param>
public sealed record ExperimentFindings(
    DateTimeOffset Time,
    IReadOnlyList<ArmUnits> Units,
    double SharesPValue,
    IReadOnlyList<Comparison> Primary,
    IReadOnlyList<Comparison> Guardrails,
    IReadOnlyList<Comparison> Secondary,
    IReadOnlyList<SegmentComparison> Segments);

/// <summary>Units of an arm.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Units">Units that saw it first.</param>
/// <param name="Share">Planned share of the units, 0 to 1.</param>
public sealed record ArmUnits(string Arm, long Units, double Share);

/// <summary>One metric of one arm beside the control's.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="ControlUnits">Units of the control that counted.</param>
/// <param name="Units">Units of the arm that counted.</param>
/// <param name="ControlValue">Rate, mean or quantile of the control; null: nothing counted.</param>
/// <param name="Value">That of the arm.</param>
public sealed record Comparison(string Metric, string Arm, long ControlUnits, long Units, double? ControlValue, double? Value)
{
    /// <summary>Arm minus control, with what was known before taken out; null: unknown.</summary>
    public double? Difference { get; init; }

    /// <summary>Lower end of the differences that are left possible; null: none.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end; null: none.</summary>
    public double? High { get; init; }

    /// <summary>P-value: the smallest so far, as it holds at every look; null: the rule has no such thing.</summary>
    public double? PValue { get; init; }

    /// <summary>What follows.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>The margin of a guardrail; null elsewhere.</summary>
    public double? Margin { get; init; }

    /// <summary>Chance that the arm is better, for somebody who began without an opinion; null: not given. Not corrected for looking.</summary>
    public double? ProbabilityBetter { get; init; }

    /// <summary>What choosing the arm is expected to lose where it is worse; null: not given.</summary>
    public double? ExpectedLoss { get; init; }

    /// <summary>Share of the variance that is left by what was known before; null: nothing was.</summary>
    public double? VarianceLeft { get; init; }
}

/// <summary>What a comparison shows.</summary>
public enum Verdict
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>The arm is better.</summary>
    Better,

    /// <summary>The arm is worse; of a guardrail: by more than its margin.</summary>
    Worse,

    /// <summary>The arm can't be better by the minimal effect.</summary>
    NoEffect,

    /// <summary>Of a guardrail: the arm is not worse by its margin.</summary>
    Safe,
}

/// <summary>The primary metric in one segment.</summary>
/// <param name="Dimension">Where the segment comes from.</param>
/// <param name="Segment">Its value.</param>
/// <param name="Comparison">Arm and control within it, with an interval that holds at every look for this segment alone.</param>
/// <param name="Deviates">Whether the effect is another than outside the segment, with control of the false discovery rate over all segments and arms (e-BH).</param>
/// <param name="Evidence">Evidence for that: an e-value.</param>
public sealed record SegmentComparison(string Dimension, string Segment, Comparison Comparison, bool Deviates, double Evidence);
