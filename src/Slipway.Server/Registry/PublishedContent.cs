using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Registry.Serving;

namespace Slipway.Server.Registry;

/// <summary>The files of a version that is to be published.</summary>
/// <param name="blobs">Content.</param>
/// <param name="inspector">Finds out what files are.</param>
/// <param name="gate">Decides whether a version may be read at all; null: every one may.</param>
internal sealed class PublishedContent(IBlobStore blobs, VersionInspector inspector, IModelGate? gate = null)
{
    /// <summary>Makes the manifest of files whose content was uploaded.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.FailedPrecondition"/>: content was not uploaded; <see cref="ErrorCode.InvalidRequest"/>: a file is none, or its length is not its content's.
    /// </exception>
    public async Task<ModelManifest> CheckAsync(IReadOnlyList<RegistryFile> files, CancellationToken cancellationToken)
    {
        ModelManifest manifest = new((files ?? []).Select(static file => file is null
            ? throw new SlipwayException(ErrorCode.InvalidRequest, "files: null is no file")
            : new ArtifactFile(file.Path, Sha256Digest.Parse(file.Digest), file.Length)));
        foreach (ArtifactFile file in manifest.Files)
        {
            if (await blobs.GetLengthAsync(file.Digest, cancellationToken) is not { } length)
            {
                throw new SlipwayException(ErrorCode.FailedPrecondition, $"file '{file.Path}': its content {file.Digest} was not uploaded");
            }

            if (length != file.Length)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"file '{file.Path}': {file.Length} bytes were said, its content has {length}");
            }
        }

        return manifest;
    }

    /// <summary>Finds out what a version is. It has no number yet.</summary>
    /// <exception cref="SlipwayException">The gate refuses it, or it is no model.</exception>
    public async Task<InspectedVersion> InspectAsync(string model, ModelManifest manifest, CancellationToken cancellationToken)
    {
        // Whoever stands before the loading of models stands before their publishing too: an unsigned one need not wait for its load to be refused.
        RegistryModelArtifact artifact = new(manifest, blobs);
        using AdmittedModel admitted = gate is null ? new AdmittedModel(artifact) : await gate.AdmitAsync(model, 0, artifact, cancellationToken);
        string? mainFile = RegistryComposition.ReadConfig(artifact, ModelConfig.Default).MainFile;
        return inspector.Inspect(admitted.Artifact == artifact ? artifact.WithMainFile(mainFile) : admitted.Artifact, cancellationToken);
    }
}
