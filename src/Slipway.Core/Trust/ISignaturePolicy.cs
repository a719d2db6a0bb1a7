namespace Slipway.Core;

/// <summary>
/// Says whether a version may be taken in or loaded, by its detached signature (an OpenSSF Model Signing bundle) and what the operator demands for
/// models of its name. Thread-safe.
/// </summary>
public interface ISignaturePolicy
{
    /// <summary>Judges a version: reads and hashes every file that the signature names.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="files">All files of the version but the signature itself.</param>
    /// <param name="signature">The signature; empty when there is none.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    /// <returns>What was found out, where the policy lets the version pass.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when the policy refuses the version, naming the file or signer it is refused for.</exception>
    ValueTask<SignatureVerdict> VerifyAsync(
        string model, IReadOnlyList<ContentFile> files, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken);
}
