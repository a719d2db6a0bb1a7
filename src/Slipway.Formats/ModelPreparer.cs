using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;
using Slipway.Formats.MLmodel;

namespace Slipway.Formats;

/// <summary>Finds out what a version is by its content and has its format read and check it, unless what came of that was kept.</summary>
/// <param name="formats">The formats that are known.</param>
/// <param name="converted">Keeps what was converted; null: nothing is kept.</param>
public sealed class ModelPreparer(ModelFormats formats, ConvertedModelCache? converted = null) : IModelPreparer
{
    /// <inheritdoc/>
    public ValueTask<PreparedModel> PrepareAsync(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using VersionFiles files = Open(artifact, out IModelFormat format, out MLmodelFacts? mlflow, cancellationToken);
        PreparedModel prepared = converted is null ? format.Prepare(files, cancellationToken) : converted.GetOrPrepare(format, files, cancellationToken);
        return ValueTask.FromResult(With(prepared, files.MainFile, mlflow, artifact.VerifiedDigest));
    }

    /// <summary>The format of a version by its content; null when it is of none that is known, or no file of it is surely the model.</summary>
    public IModelFormat? Recognize(ModelArtifact artifact)
    {
        if (MainFileOf(artifact) is not { } main || artifact.Files.All(file => file.Name != main || file.Length == 0))
        {
            return null;
        }

        using VersionFiles files = new(artifact, main);
        return formats.Find(SampleOf(files));
    }

    /// <summary>Describes a version.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it can't be read at all.</exception>
    public ModelInspection Inspect(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        using VersionFiles files = Open(artifact, out IModelFormat format, out _, cancellationToken);
        return format.Inspect(files, cancellationToken);
    }

    /// <summary>The format of a version.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is of none, or can't be opened.</exception>
    internal static IModelFormat Recognize(ModelFormats formats, VersionFiles files)
    {
        return formats.Find(SampleOf(files)) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"'{files.MainFile}' is of no format that is known here");
    }

    private static string? MainFileOf(ModelArtifact artifact)
    {
        if (artifact.Files.All(static file => file.Name != MLmodelFile.FileName || file.Length == 0))
        {
            return artifact.MainFile ?? MainFile.TryFind(artifact.Files);
        }

        try
        {
            using Stream stream = artifact.OpenRead(MLmodelFile.FileName);
            return MLmodelFlavor.Find(MLmodelFile.Read(stream), artifact.Files).MainFile;
        }
        catch (SlipwayException unknown) when (unknown.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported)
        {
            return null;
        }
    }

    private static FormatSample SampleOf(VersionFiles files)
    {
        VersionFile file = files.Open(files.MainFile);
        return new FormatSample(files.MainFile, file.Length, file.ReadHead(FormatSample.HeadLength), files.Files);
    }

    private VersionFiles Open(ModelArtifact artifact, out IModelFormat format, out MLmodelFacts? mlflow, CancellationToken cancellationToken)
    {
        mlflow = null;
        bool isMlflow = artifact.Files.Any(static file => file.Name == MLmodelFile.FileName);
        VersionFiles files = new(artifact, isMlflow ? MLmodelFile.FileName : artifact.MainFile ?? MainFile.Find(artifact.Files));
        try
        {
            // Opened first, so that what is hashed is what is read.
            files.Open(files.MainFile);
            if (artifact.ExpectedDigest is { } expected && files.ComputeDigest(cancellationToken) is var found && found != expected)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"the version's files are not those that were published: their digest is {found}, not {expected}");
            }

            // An MLmodel file says which of the files is the model, whatever their names suggest.
            if (isMlflow)
            {
                using Stream stream = files.Open(MLmodelFile.FileName).OpenRead();
                MLmodelFile model = MLmodelFile.Read(stream);
                MLmodelFlavor flavor = MLmodelFlavor.Find(model, files.Files);
                files.MainFile = flavor.MainFile;
                mlflow = new MLmodelFacts(MLmodelMetadata.Write(model, flavor, files), MLmodelExample.Read(model, files));
            }

            format = Recognize(formats, files);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static PreparedModel With(PreparedModel prepared, string mainFile, MLmodelFacts? facts, string? digest) => new()
    {
        Runtime = prepared.Runtime,
        Model = prepared.Model,
        ExternalData = prepared.ExternalData,
        Digest = digest ?? prepared.Digest,
        MainFile = mainFile,
        Platform = prepared.Platform,
        Metadata = facts is null ? prepared.Metadata : new Dictionary<string, string>(prepared.Metadata) { [ModelMetadataKeys.MLflow] = facts.Metadata },
        SignatureName = prepared.SignatureName,
        Signatures = prepared.Signatures.ToDictionary(static other => other.Key, other => With(other.Value, mainFile, null, digest), StringComparer.Ordinal),
        InputExample = facts?.Example ?? prepared.InputExample,
    };
}

/// <summary>What an <c>MLmodel</c> file adds to a version.</summary>
/// <param name="Metadata">For callers of MLflow's scoring protocol.</param>
/// <param name="Example">See <see cref="PreparedModel.InputExample"/>.</param>
internal sealed record MLmodelFacts(string Metadata, ReadOnlyMemory<byte> Example);
