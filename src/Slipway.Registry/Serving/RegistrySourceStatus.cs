namespace Slipway.Registry.Serving;

/// <summary>How the source of registry models is doing.</summary>
/// <param name="IsAvailable">Whether the store answered when it was last asked.</param>
/// <param name="Since">Since when that is so.</param>
/// <param name="Sequence">Last change that is taken into account.</param>
/// <param name="Problem">Why the store is away; null when it is not.</param>
public sealed record RegistrySourceStatus(bool IsAvailable, DateTimeOffset Since, long Sequence, string? Problem);
