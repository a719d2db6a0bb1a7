using System.Text.Json;

namespace Slipway.Client.Registry;

/// <summary>A change of the registry; never altered or removed.</summary>
/// <param name="Sequence">Position among all changes, ascending; gaps are possible.</param>
/// <param name="Time">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Kind">What: <c>model.created</c>, <c>version.created</c>, <c>alias.moved</c> …</param>
/// <param name="Model">Model it concerns; null for experiments and runs.</param>
/// <param name="Version">Version it concerns; null when it concerns the model as a whole.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="Detail">Old and new values by field.</param>
public sealed record RegistryChange(
    long Sequence, DateTimeOffset Time, string Actor, string Kind, string? Model, long? Version, string? Reason, JsonElement Detail);

/// <summary>Changes in ascending order.</summary>
/// <param name="Events">The changes.</param>
/// <param name="Last">Sequence to go on after; that of the request when there were none.</param>
public sealed record RegistryChanges(IReadOnlyList<RegistryChange> Events, long Last);
