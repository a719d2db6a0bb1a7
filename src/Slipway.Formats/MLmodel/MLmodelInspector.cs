using Slipway.Core;

namespace Slipway.Formats.MLmodel;

/// <summary>Describes versions that hold an <c>MLmodel</c> file, by what it says; of others nothing is known before they are loaded.</summary>
/// <param name="blobs">Where the files are.</param>
internal sealed class MLmodelInspector(IBlobStore blobs) : IVersionInspector
{
    /// <inheritdoc/>
    public async ValueTask<VersionFacts> InspectAsync(string model, ModelManifest manifest, CancellationToken cancellationToken)
    {
        ArtifactFile? file = manifest.Files.FirstOrDefault(static file => file.Path == MLmodelFile.FileName);
        if (file is null || file.Length > MLmodelFile.MaxBytes)
        {
            return VersionFacts.Unknown;
        }

        using MemoryStream text = new((int)file.Length);
        await using (Stream stream = await blobs.OpenReadAsync(file.Digest, cancellationToken))
        {
            await stream.CopyToAsync(text, cancellationToken);
        }

        text.Position = 0;
        try
        {
            MLmodelFile described = MLmodelFile.Read(text);
            MLmodelFlavor flavor = MLmodelFlavor.Find(described, [.. manifest.Files.Select(static file => new ModelFile(file.Path, file.Length))]);
            return new VersionFacts(flavor.Name, MLmodelSignature.ToOpenInference(described));
        }
        catch (SlipwayException unknown) when (unknown.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported)
        {
            return VersionFacts.Unknown;
        }
    }
}
