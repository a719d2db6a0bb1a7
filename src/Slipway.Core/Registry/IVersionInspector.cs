namespace Slipway.Core;

/// <summary>Finds out what the files of a version are before it is created. Nothing that a file says is executed. Thread-safe.</summary>
public interface IVersionInspector
{
    /// <summary>Describes files whose blobs are stored. Files that are no model, or damaged, are described by what is not known of them, never by a fault.</summary>
    /// <param name="model">Name of the model that the version will belong to.</param>
    /// <param name="manifest">The files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: the version may not be read at all, and so not be created.</exception>
    ValueTask<VersionFacts> InspectAsync(string model, ModelManifest manifest, CancellationToken cancellationToken);
}

/// <summary>What files are.</summary>
/// <param name="Format">Short name of the format; null when unknown.</param>
/// <param name="SignatureJson">Inputs and outputs in Open Inference's metadata form; null when unknown.</param>
public sealed record VersionFacts(string? Format, string? SignatureJson)
{
    /// <summary>Nothing is known.</summary>
    public static VersionFacts Unknown { get; } = new(null, null);
}
