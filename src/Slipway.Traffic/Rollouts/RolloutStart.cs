namespace Slipway.Traffic.Rollouts;

/// <summary>What somebody asks a rollout for.</summary>
/// <param name="Endpoint">Name of an endpoint or model.</param>
/// <param name="To">Number of the new version.</param>
public sealed record RolloutStart(string Endpoint, long To)
{
    /// <summary>Steps. Default: canary.</summary>
    public RolloutPlan Plan { get; init; } = RolloutPlan.Canary;

    /// <summary>What counts.</summary>
    public RolloutPolicy Policy { get; init; } = new();

    /// <summary>Who asks; null when unknown.</summary>
    public string? By { get; init; }
}
