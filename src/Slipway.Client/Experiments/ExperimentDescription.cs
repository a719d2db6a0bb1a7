namespace Slipway.Client.Experiments;

/// <summary>An experiment as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Phase"><c>waiting</c>, <c>running</c>, <c>concluded</c>, <c>inconclusive</c>, <c>stopped</c> or <c>invalid</c>.</param>
/// <param name="Reason">Why it is there.</param>
/// <param name="Blocked">Whether units are not divided as planned, so that nothing is concluded.</param>
/// <param name="SharesPValue">P-value of the division.</param>
/// <param name="Arms">The arms, the control first.</param>
/// <param name="Comparisons">Every metric of every arm beside the control's.</param>
public sealed record ExperimentDescription(
    string Name,
    string Endpoint,
    string Phase,
    string Reason,
    bool Blocked,
    double SharesPValue,
    IReadOnlyList<ExperimentArmBody> Arms,
    IReadOnlyList<ExperimentComparisonBody> Comparisons)
{
    /// <summary>When it started; null before.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Whether it is over.</summary>
    public bool IsOver => Ended is not null;
}

/// <summary>An arm.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Units">Units that saw it first.</param>
/// <param name="Share">Planned share, 0 to 1.</param>
public sealed record ExperimentArmBody(string Name, long Units, double Share)
{
    /// <summary><c>better</c>, <c>worse</c> or <c>noEffect</c>, once concluded; null before, and for the control.</summary>
    public string? Verdict { get; init; }
}

/// <summary>One metric of one arm beside the control's.</summary>
/// <param name="Role"><c>primary</c>, <c>guardrail</c> or <c>secondary</c>.</param>
/// <param name="Metric">Its name.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="ControlUnits">Units of the control that counted.</param>
/// <param name="Units">Units of the arm that counted.</param>
/// <param name="Verdict"><c>open</c>, <c>better</c>, <c>worse</c>, <c>noEffect</c> or <c>safe</c>.</param>
public sealed record ExperimentComparisonBody(string Role, string Metric, string Arm, long ControlUnits, long Units, string Verdict)
{
    /// <summary>Value of the control; null: nothing counted.</summary>
    public double? ControlValue { get; init; }

    /// <summary>Value of the arm.</summary>
    public double? Value { get; init; }

    /// <summary>Arm minus control.</summary>
    public double? Difference { get; init; }

    /// <summary>Lower end of the interval; null: none.</summary>
    public double? Low { get; init; }

    /// <summary>Upper end; null: none.</summary>
    public double? High { get; init; }

    /// <summary>P-value, valid at every look; null: the rule has none.</summary>
    public double? PValue { get; init; }
}

/// <summary>Several of them.</summary>
/// <param name="Experiments">By name.</param>
public sealed record ExperimentList(IReadOnlyList<ExperimentDescription> Experiments);
