namespace Slipway.Core;

/// <summary>
/// Stands before everything that reads a version: decides whether it may be loaded, and which bytes are read in its stead. Thread-safe.
/// </summary>
public interface IModelGate
{
    /// <summary>Admits a version, or refuses it before a parser has seen a byte of it.</summary>
    /// <param name="model">Name that the version is loaded under.</param>
    /// <param name="version">Its number.</param>
    /// <param name="artifact">Its files.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>What is to be read; the caller disposes it when the version has been prepared.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when it is refused, with the file or signer that it is refused for.</exception>
    ValueTask<AdmittedModel> AdmitAsync(string model, long version, ModelArtifact artifact, CancellationToken cancellationToken);
}
