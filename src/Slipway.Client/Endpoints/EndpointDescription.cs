namespace Slipway.Client.Endpoints;

/// <summary>An endpoint and what it has done since the server started.</summary>
/// <param name="Name">Name of the endpoint.</param>
/// <param name="Default">Name of the arm for those who take no part.</param>
/// <param name="Arms">Its arms.</param>
/// <param name="Shadows">Its shadows.</param>
public sealed record EndpointDescription(string Name, string Default, IReadOnlyList<ArmDescription> Arms, IReadOnlyList<ShadowDescription> Shadows)
{
    /// <summary>What divides the traffic instead of weights; null: weights do.</summary>
    public BanditDescription? Bandit { get; init; }
}

/// <summary>An arm and what it has done.</summary>
/// <param name="Name">Name of the arm.</param>
/// <param name="Model">Version that it names: <c>NAME</c>, <c>NAME@ALIAS</c> or <c>NAME:VERSION</c>.</param>
/// <param name="Weight">Percentage of traffic.</param>
/// <param name="Requests">Requests given to it, except to stand in.</param>
/// <param name="Failures">Those that it failed.</param>
/// <param name="StandIns">Requests in which it stood in for another arm.</param>
/// <param name="Retries">Tries beyond the first.</param>
/// <param name="Fallbacks">Failures that somebody else answered.</param>
/// <param name="Refusals">Failures because its circuit was open.</param>
/// <param name="Latency">How long answers took.</param>
public sealed record ArmDescription(
    string Name, string Model, double Weight, long Requests, long Failures, long StandIns, long Retries, long Fallbacks, long Refusals, LatencyDescription Latency)
{
    /// <summary>Why requests for it would fail now; null when they would not.</summary>
    public string? Problem { get; init; }

    /// <summary><c>closed</c>, <c>halfOpen</c> or <c>open</c>; null when it has no circuit.</summary>
    public string? Circuit { get; init; }

    /// <summary>What a bandit knows of it; null without a bandit.</summary>
    public ArmRewardDescription? Reward { get; init; }
}

/// <summary>Quantiles of durations, right to two percent; null when there was none.</summary>
/// <param name="P50Seconds">Median.</param>
/// <param name="P95Seconds">95th percentile.</param>
/// <param name="P99Seconds">99th percentile.</param>
public sealed record LatencyDescription(double? P50Seconds, double? P95Seconds, double? P99Seconds);

/// <summary>A shadow and how its answers compare with those that callers got.</summary>
/// <param name="Name">Name of the shadow.</param>
/// <param name="Model">Version that it names.</param>
/// <param name="Sample">Percentage of requests that are copied.</param>
/// <param name="Copies">Copies that ran.</param>
/// <param name="Dropped">Copies not taken: the queue was full, or the request too large.</param>
/// <param name="Failures">Copies that it failed.</param>
/// <param name="NotComparable">Copies answered with other outputs or shapes.</param>
/// <param name="Rows">Rows compared.</param>
/// <param name="Disagreements">Rows that disagree.</param>
/// <param name="MeanDifference">Mean absolute difference of numbers that are measures.</param>
/// <param name="LargestDifference">The largest.</param>
/// <param name="Latency">How long copies took.</param>
public sealed record ShadowDescription(
    string Name,
    string Model,
    double Sample,
    long Copies,
    long Dropped,
    long Failures,
    long NotComparable,
    long Rows,
    long Disagreements,
    double MeanDifference,
    double LargestDifference,
    LatencyDescription Latency);

/// <summary>Endpoints by name.</summary>
/// <param name="Endpoints">The endpoints.</param>
public sealed record EndpointList(IReadOnlyList<EndpointDescription> Endpoints);
