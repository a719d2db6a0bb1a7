namespace Slipway.Client.Registry;

/// <summary>A model as it was at a moment of the past.</summary>
/// <param name="AsOf">The moment.</param>
/// <param name="Model">The model as it was.</param>
/// <param name="Aliases">Where each alias pointed, and how it had come there.</param>
/// <param name="Versions">The versions there were, by number, with stage and approvals of that time.</param>
public sealed record RegistryPast(
    DateTimeOffset AsOf, RegistryModel Model, IReadOnlyList<PastAlias> Aliases, IReadOnlyList<RegistryVersion> Versions);

/// <summary>An alias at a moment of the past.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">Number of the version that it pointed at.</param>
/// <param name="MovedAt">When it was moved there.</param>
/// <param name="MovedBy">Who moved it.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="Approvals">Who had approved the version by then.</param>
public sealed record PastAlias(
    string Alias, long Version, DateTimeOffset MovedAt, string MovedBy, string? Reason, IReadOnlyList<RegistryApproval> Approvals);
