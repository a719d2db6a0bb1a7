using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;
using Slipway.Trust.Sigstore;

namespace Slipway.Trust.Signing;

/// <summary>Whose signatures count. Immutable.</summary>
public sealed record TrustedSigners
{
    /// <summary>Bare keys.</summary>
    public IReadOnlyList<VerificationKey> Keys { get; init; } = [];

    /// <summary>Roots of signing certificates; null: signatures by certificate don't count.</summary>
    public CertificateRoots? Roots { get; init; }

    /// <summary>
    /// Whom a signing certificate has to be for: its subject (a distinguished name), or one of its alternative names. Empty: everybody whom the roots vouch for.
    /// </summary>
    public IReadOnlyList<string> CertificateNames { get; init; } = [];

    /// <summary>What keyless signatures are verified with; null: they don't count.</summary>
    public SigstoreTrust? Sigstore { get; init; }
}
