using Slipway.Trust.Certificates;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Sigstore;

/// <summary>What keyless signatures are verified with. All of it is given; nothing is fetched.</summary>
/// <param name="Authorities">Roots, and where needed intermediates, of the certificate authority (Fulcio).</param>
/// <param name="Identities">Who is trusted.</param>
public sealed record SigstoreTrust(CertificateRoots Authorities, IReadOnlyList<SigstoreIdentity> Identities)
{
    /// <summary>Keys of the transparency log (Rekor). Without one neither the log's entry nor the time of signing is verified, which is said in the result.</summary>
    public IReadOnlyList<VerificationKey> LogKeys { get; init; } = [];

    /// <summary>
    /// Keys (P-256) of certificate transparency logs, one of which has to have promised to publish the certificate. Without one that is not verified, which is said in the result.
    /// </summary>
    public IReadOnlyList<VerificationKey> CertificateLogKeys { get; init; } = [];
}
