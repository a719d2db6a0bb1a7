namespace Slipway.Traffic.Bandits;

/// <summary>Another division of an endpoint's traffic. Either shares are given, or the context decides.</summary>
public sealed record OffPolicyTarget
{
    /// <summary>Percentages by name of the arm, together 100; arms that are not named get none. Null: the context decides.</summary>
    public IReadOnlyDictionary<string, double>? Shares { get; init; }
}
