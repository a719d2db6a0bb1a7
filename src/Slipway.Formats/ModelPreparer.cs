using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Conversion;

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
        using VersionFiles files = Open(artifact, out IModelFormat format, cancellationToken);
        return ValueTask.FromResult(converted is null ? format.Prepare(files, cancellationToken) : converted.GetOrPrepare(format, files, cancellationToken));
    }

    /// <summary>Describes a version.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it can't be read at all.</exception>
    public ModelInspection Inspect(ModelArtifact artifact, CancellationToken cancellationToken)
    {
        using VersionFiles files = Open(artifact, out IModelFormat format, cancellationToken);
        return format.Inspect(files, cancellationToken);
    }

    /// <summary>The format of a version.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is of none, or can't be opened.</exception>
    internal static IModelFormat Recognize(ModelFormats formats, VersionFiles files)
    {
        VersionFile file = files.Open(files.MainFile);
        FormatSample sample = new(files.MainFile, file.Length, file.ReadHead(FormatSample.HeadLength), files.Files);
        return formats.Find(sample) ?? throw new SlipwayException(ErrorCode.InvalidModel, $"'{files.MainFile}' is of no format that is known here");
    }

    private VersionFiles Open(ModelArtifact artifact, out IModelFormat format, CancellationToken cancellationToken)
    {
        string main = artifact.MainFile ?? MainFile.Find(artifact.Files);
        VersionFiles files = new(artifact, main);
        try
        {
            // Opened first, so that what is hashed is what is read.
            files.Open(main);
            if (artifact.ExpectedDigest is { } expected && files.ComputeDigest(cancellationToken) is var found && found != expected)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"the version's files are not those that were published: their digest is {found}, not {expected}");
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
}
