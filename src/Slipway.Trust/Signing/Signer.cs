namespace Slipway.Trust.Signing;

/// <summary>Who a signature was found to be from.</summary>
/// <param name="Method"><c>key</c>, <c>certificate</c> or <c>sigstore</c>.</param>
/// <param name="Name">A key's fingerprint, a certificate's subject, a Sigstore identity.</param>
public sealed record Signer(string Method, string Name)
{
    /// <summary>What was taken on trust because nothing was given to verify it with.</summary>
    public IReadOnlyList<string> NotVerified { get; init; } = [];
}
