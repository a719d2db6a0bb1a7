namespace Slipway.Traffic.Endpoints;

/// <summary>When an arm that keeps failing is left alone. Defaults are those that Polly's circuit breaker has, with a shorter window.</summary>
/// <param name="FailureRatio">Share of failures in the window that opens the circuit, above 0 to 1.</param>
/// <param name="MinRequests">Fewest requests in the window that say anything.</param>
/// <param name="Window">How far back is looked.</param>
/// <param name="OpenFor">How long the arm is left alone before one request tries again.</param>
public sealed record BreakerDefinition(double FailureRatio, int MinRequests, TimeSpan Window, TimeSpan OpenFor)
{
    /// <summary>Half of at least 20 requests in 10 s; 5 s of rest.</summary>
    public static BreakerDefinition Default { get; } = new(0.5, 20, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
}
