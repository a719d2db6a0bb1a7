using Slipway.Core;

namespace Slipway.Registry.Serving;

/// <summary>A model as it was last read, and what is served of it. Immutable.</summary>
/// <param name="Model">The model.</param>
/// <param name="Versions">The versions that are needed.</param>
/// <param name="Desired">What is to be served.</param>
internal sealed record ModelEntry(RegisteredModel Model, IReadOnlyList<ModelVersion> Versions, DesiredModel Desired)
{
    /// <summary>The files of a version, when it was known before with the same content.</summary>
    public RegistryModelArtifact? ArtifactOf(ModelVersion version) =>
        Desired.Versions.GetValueOrDefault(version.Number) is RegistryModelArtifact known && known.Manifest.Digest == version.Manifest!.Digest ? known : null;

    /// <summary>Whether the same is served, whatever else of the model has changed.</summary>
    public bool ServesTheSame(ModelEntry other) =>
        Model.Aliases.Count == other.Model.Aliases.Count
        && Model.Aliases.All(alias => other.Model.Aliases.TryGetValue(alias.Key, out long version) && version == alias.Value)
        && Desired.Versions.Count == other.Desired.Versions.Count
        && Desired.Versions.All(version => other.Desired.Versions.TryGetValue(version.Key, out ModelArtifact? artifact) && artifact.ChangeToken == version.Value.ChangeToken)
        && Desired.Problem == other.Desired.Problem
        && Desired.NothingToServe == other.Desired.NothingToServe;
}
