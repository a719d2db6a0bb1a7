namespace Slipway.Core;

/// <summary>Which way an endpoint sent a request.</summary>
/// <param name="Endpoint">Name of the endpoint that was called.</param>
/// <param name="Arm">Name of the arm that answered.</param>
/// <param name="Reason">
/// Why: <c>weight</c>, <c>sticky</c>, <c>rule:NAME</c>, <c>holdout</c>, <c>layer</c>, <c>requested</c>, <c>bandit</c>; <c>fallback</c> when the arm stood in for another.
/// </param>
public sealed record RouteAssignment(string Endpoint, string Arm, string Reason)
{
    /// <summary>The id by which feedback may name the request; null when nobody waits for any.</summary>
    public string? RequestId { get; init; }
}
