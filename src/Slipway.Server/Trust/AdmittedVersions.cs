using Slipway.Core;
using Slipway.Registry.Serving;

namespace Slipway.Server.Trust;

/// <summary>Whoever stands before the loading of models stands before the creation of versions too: a file that may not be loaded is not looked into, and no version is made of it.</summary>
/// <param name="inner">Describes files.</param>
/// <param name="blobs">Content.</param>
/// <param name="gate">Decides.</param>
internal sealed class AdmittedVersions(IVersionInspector inner, IBlobStore blobs, IModelGate gate) : IVersionInspector
{
    /// <inheritdoc/>
    public async ValueTask<VersionFacts> InspectAsync(string model, ModelManifest manifest, CancellationToken cancellationToken)
    {
        // It has no number yet.
        using AdmittedModel admitted = await gate.AdmitAsync(model, 0, new RegistryModelArtifact(manifest, blobs), cancellationToken);
        return await inner.InspectAsync(model, manifest, cancellationToken);
    }
}
