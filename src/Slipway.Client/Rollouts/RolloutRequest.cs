namespace Slipway.Client.Rollouts;

/// <summary>Asks for a rollout.</summary>
/// <param name="Endpoint">Name of an endpoint or model.</param>
/// <param name="To">Number of the new version.</param>
public sealed record RolloutRequest(string Endpoint, long To)
{
    /// <summary><c>canary</c> (default), <c>blue-green</c>, <c>shadow-first</c>, <c>immediate</c>, or <c>custom</c> with <see cref="Steps"/>.</summary>
    public string? Plan { get; init; }

    /// <summary>Steps of a custom plan.</summary>
    public IReadOnlyList<RolloutStepBody>? Steps { get; init; }

    /// <summary>What counts as harm and as proof; null: the defaults.</summary>
    public RolloutPolicyBody? Policy { get; init; }
}

/// <summary>One step of a plan.</summary>
public sealed record RolloutStepBody
{
    /// <summary>Percentage of traffic for the new version.</summary>
    public double Weight { get; init; }

    /// <summary>Percentage of the old version's requests that the new one gets a copy of.</summary>
    public double Shadow { get; init; }

    /// <summary>Fewest requests of the new version.</summary>
    public long MinRequests { get; init; }

    /// <summary>Shortest time.</summary>
    public double MinTimeSeconds { get; init; }

    /// <summary>Longest time; null: 24 hours.</summary>
    public double? MaxTimeSeconds { get; init; }

    /// <summary>Whether the new version must be proven no worse.</summary>
    public bool Prove { get; init; }

    /// <summary>Whether feedback must prove the new version's answers no worse.</summary>
    public bool Quality { get; init; }

    /// <summary>Whether somebody has to approve the next step.</summary>
    public bool Approval { get; init; }
}

/// <summary>What counts; what is null has its default.</summary>
public sealed record RolloutPolicyBody
{
    /// <summary>Most often that a harmless version may be rolled back.</summary>
    public double? FalseRollback { get; init; }

    /// <summary>Most often that a version worse by a margin may be promoted.</summary>
    public double? FalsePromote { get; init; }

    /// <summary>The share of failures may be larger by this.</summary>
    public double? ErrorMargin { get; init; }

    /// <summary>Differences of failures below this are no reason to roll back.</summary>
    public double? ErrorIgnored { get; init; }

    /// <summary>A request is slow beyond this; null: learnt from the old version.</summary>
    public double? SlowAfterSeconds { get; init; }

    /// <summary>How much longer than the old version's 95th percentile is slow, as a share.</summary>
    public double? Slowdown { get; init; }

    /// <summary>The share of slow requests may be larger by this.</summary>
    public double? SlowMargin { get; init; }

    /// <summary>Differences of slow requests below this are no reason to roll back.</summary>
    public double? SlowIgnored { get; init; }

    /// <summary>Share of compared requests whose answers may differ.</summary>
    public double? MaxDisagreement { get; init; }

    /// <summary>Numbers that differ by no more than this, relative, are the same answer.</summary>
    public double? Tolerance { get; init; }

    /// <summary>What feedback says about answers; null: it takes no part.</summary>
    public RolloutQualityBody? Quality { get; init; }

    /// <summary>Names of metrics of the server's configuration that are watched.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>When the rollout may go forward; null: always.</summary>
    public IReadOnlyList<RolloutWindowBody>? Windows { get; init; }

    /// <summary><c>hold</c>, <c>rollBack</c> or <c>promote</c>, when a step's longest time passes without proof.</summary>
    public string? OnInconclusive { get; init; }

    /// <summary>Whether the old version answers what the new one fails.</summary>
    public bool? Shield { get; init; }
}

/// <summary>Which feedback says whether answers were right; what is null has its default.</summary>
/// <param name="Metric">Name of the metric that is reported.</param>
public sealed record RolloutQualityBody(string? Metric)
{
    /// <summary>Least that a report can be; default 0.</summary>
    public double? Lowest { get; init; }

    /// <summary>Most that a report can be; default 1.</summary>
    public double? Highest { get; init; }

    /// <summary><c>higher</c> (default) or <c>lower</c>.</summary>
    public string? Better { get; init; }

    /// <summary>The mean loss may be larger by this, as a share of the range.</summary>
    public double? Margin { get; init; }

    /// <summary>Differences of losses below this are no reason to roll back.</summary>
    public double? Ignored { get; init; }

    /// <summary>Fewest reports about the new version's answers in a step that demands quality.</summary>
    public long? MinLabels { get; init; }

    /// <summary>Answered requests that each replica remembers.</summary>
    public int? Remembered { get; init; }
}

/// <summary>A time of the week, in UTC.</summary>
public sealed record RolloutWindowBody
{
    /// <summary>Days on which it begins, <c>mon</c> to <c>sun</c>; null: every day.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary>When it begins, <c>HH:MM</c>; null: 00:00.</summary>
    public string? From { get; init; }

    /// <summary>When it ends, <c>HH:MM</c>, on the next day when it isn't after the beginning; null: 00:00.</summary>
    public string? Until { get; init; }
}
