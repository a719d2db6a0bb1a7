namespace Slipway.Core;

/// <summary>What the registry knew of a model at a moment of the past.</summary>
/// <param name="Model">The model as it was.</param>
/// <param name="Versions">Its versions as they were, by number: number, digest, stage and approvals of that time.</param>
/// <param name="Aliases">Each alias with its version and the event that put it there: who, when, why.</param>
public sealed record ModelHistory(RegisteredModel Model, IReadOnlyList<ModelVersion> Versions, IReadOnlyList<AliasPlacement> Aliases);

/// <summary>An alias and how it came to point where it points.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">Number of the version.</param>
/// <param name="Move">The event that moved it there.</param>
public sealed record AliasPlacement(string Alias, long Version, RegistryEvent Move);
