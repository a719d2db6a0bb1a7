using Slipway.Core;

namespace Slipway.Traffic.Endpoints;

/// <summary>A version, or the version that an alias points at, with a share of an endpoint's traffic. Immutable.</summary>
public sealed record ArmDefinition
{
    /// <summary>Name within the endpoint: letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Which version of it; the default one, a number or an alias.</summary>
    public VersionSelector Version { get; init; }

    /// <summary>Percentage of requests or entities, 0 to 100. 0 (default): reached by rules, fallback and name only.</summary>
    public double Weight { get; init; }

    /// <summary>Longest that one try may take; null (default): no bound beyond the caller's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Tries in all when a try fails for a reason that may pass; 1 (default): none but the first.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Pause before the second try; doubles with each further one. Default 10 ms.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>When the arm is left alone for a while; null (default): never.</summary>
    public BreakerDefinition? Breaker { get; init; }

    /// <summary>What answers when this arm fails; null (default): what the endpoint says.</summary>
    public FallbackDefinition? Fallback { get; init; }
}
