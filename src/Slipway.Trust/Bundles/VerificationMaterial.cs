namespace Slipway.Trust.Bundles;

/// <summary>What a bundle says about how it is to be verified: one of the three methods of OpenSSF Model Signing.</summary>
public abstract record VerificationMaterial
{
    private protected VerificationMaterial()
    {
    }

    /// <summary>The method: <c>key</c>, <c>certificate</c> or <c>sigstore</c>.</summary>
    public abstract string Method { get; }
}

/// <summary>A key that the verifier has.</summary>
/// <param name="Hint">Fingerprint of the key; null in bundles of before version 1.1, which carry the key itself (it is not used: a key is trusted, or it is not).</param>
public sealed record PublicKeyMaterial(string? Hint) : VerificationMaterial
{
    /// <inheritdoc/>
    public override string Method => "key";
}

/// <summary>A signing certificate and those between it and a root that the verifier trusts.</summary>
/// <param name="Certificates">In DER, the signing one first.</param>
public sealed record CertificateChainMaterial(IReadOnlyList<byte[]> Certificates) : VerificationMaterial
{
    /// <inheritdoc/>
    public override string Method => "certificate";
}

/// <summary>A short-lived certificate of Sigstore's authority (Fulcio), and what its log (Rekor) says of the signature.</summary>
/// <param name="Certificate">In DER.</param>
/// <param name="LogEntries">Entries of the log, at least one.</param>
public sealed record SigstoreMaterial(byte[] Certificate, IReadOnlyList<LogEntry> LogEntries) : VerificationMaterial
{
    /// <inheritdoc/>
    public override string Method => "sigstore";
}
