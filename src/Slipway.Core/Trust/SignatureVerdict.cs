namespace Slipway.Core;

/// <summary>What is known of a version's signature.</summary>
/// <param name="Status">How it was found.</param>
public sealed record SignatureVerdict(SignatureStatus Status)
{
    /// <summary>Who signed, as the policy knows them: a key's fingerprint, a certificate's subject, an identity. Null unless <see cref="SignatureStatus.Valid"/>.</summary>
    public string? Signer { get; init; }

    /// <summary>How it was signed: <c>key</c>, <c>certificate</c> or <c>sigstore</c>. Null unless <see cref="SignatureStatus.Valid"/>.</summary>
    public string? Method { get; init; }

    /// <summary>What is wrong, where the policy lets it pass nevertheless.</summary>
    public string? Problem { get; init; }

    /// <summary>Files that the signature speaks for; only these are to be read of a version that is <see cref="SignatureStatus.Valid"/>.</summary>
    public IReadOnlyList<string> SignedFiles { get; init; } = [];
}
