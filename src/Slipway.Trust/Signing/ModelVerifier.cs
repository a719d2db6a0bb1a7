using System.Security.Cryptography.X509Certificates;
using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Certificates;
using Slipway.Trust.Dsse;
using Slipway.Trust.Keys;
using Slipway.Trust.Sigstore;

namespace Slipway.Trust.Signing;

/// <summary>
/// Verifies that a signature is by somebody who is trusted, and tells what it says (OpenSSF Model Signing v1.0, sections 8.2 and 8.3). Whether the files are
/// as it says is <see cref="ManifestCheck"/>'s part. Thread-safe.
/// </summary>
/// <param name="trusted">Whose signatures count.</param>
/// <param name="time">When certificates have to be valid: now.</param>
public sealed class ModelVerifier(TrustedSigners trusted, TimeProvider time)
{
    /// <summary>Opens a signature.</summary>
    /// <returns>What was signed, and by whom.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it does not hold, or its signer is not trusted; <see cref="ErrorCode.NotSupported"/>: it is of a kind that is not known here.</exception>
    public (SignedManifest Manifest, Signer Signer) Open(SignatureBundle bundle)
    {
        if (bundle.Envelope.PayloadType != DsseEnvelope.InTotoPayload)
        {
            throw new SlipwayException(ErrorCode.InvalidModel,
                $"the signature is over a '{ResourceNames.Show(bundle.Envelope.PayloadType)}', but '{DsseEnvelope.InTotoPayload}' is expected");
        }

        Signer signer = bundle.Material switch
        {
            PublicKeyMaterial key => VerifyKey(key, bundle.Envelope),
            CertificateChainMaterial chain => VerifyChain(chain, bundle.Envelope),
            SigstoreMaterial sigstore => VerifySigstore(sigstore, bundle.Envelope),
            _ => throw new SlipwayException(ErrorCode.NotSupported, $"signatures by {bundle.Material.Method} are not supported"),
        };
        return (ManifestReader.Read(bundle.Envelope.Payload), signer);
    }

    private Signer VerifyKey(PublicKeyMaterial material, DsseEnvelope envelope)
    {
        if (trusted.Keys.Count == 0)
        {
            throw NotTrusted("is by a bare key, and no such key is trusted");
        }

        VerificationKey[] candidates = [.. trusted.Keys.Where(key => material.Hint is not { } hint || key.Answers(hint))];
        if (candidates.Length == 0)
        {
            throw NotTrusted($"is by the key {ResourceNames.Show(material.Hint!)}, which is not trusted");
        }

        byte[] signed = envelope.Encode();
        return candidates.FirstOrDefault(key => key.Verify(signed, envelope.Signature.Span)) is { } by
            ? new Signer(material.Method, by.Fingerprint)
            : throw Broken();
    }

    private Signer VerifyChain(CertificateChainMaterial material, DsseEnvelope envelope)
    {
        if (trusted.Roots is not { } roots)
        {
            throw NotTrusted("is by a certificate, and no root of certificates is trusted");
        }

        SigningCertificate certificate = SigningCertificate.Read(material.Certificates[0]);
        roots.Verify(material.Certificates, time.GetUtcNow());
        RequireSignature(certificate.Key, envelope);
        return trusted.CertificateNames.Count == 0 || trusted.CertificateNames.Any(name => name == certificate.Subject || certificate.AlternativeNames.Contains(name, StringComparer.Ordinal))
            ? new Signer(material.Method, certificate.Subject)
            : throw NotTrusted($"is by '{ResourceNames.Show(certificate.Subject)}', who is not among those that are trusted");
    }

    private Signer VerifySigstore(SigstoreMaterial material, DsseEnvelope envelope)
    {
        if (trusted.Sigstore is not { } sigstore)
        {
            throw NotTrusted("is a keyless one (Sigstore), and no authority for these is trusted");
        }

        // 1. Whose certificate is it?
        IReadOnlyList<SigstoreIdentity> identities = FulcioCertificate.IdentitiesOf(material.Certificate);
        SigstoreIdentity by = identities.FirstOrDefault(identity => sigstore.Identities.Contains(identity))
            ?? throw NotTrusted($"is by {string.Join(", ", identities.Select(static identity => $"'{ResourceNames.Show(identity.Name)}' (by {ResourceNames.Show(identity.Issuer)})"))}, who is not among those that are trusted");

        // 2. Is the signature its?
        SigningCertificate certificate = SigningCertificate.Read(material.Certificate);
        RequireSignature(certificate.Key, envelope);

        // 3. When was it made? The certificate is valid for minutes only; the log knows when that was.
        List<string> unverified = [];
        DateTimeOffset signedAt;
        if (sigstore.LogKeys.Count > 0)
        {
            signedAt = LogEntryCheck.Verify(material.LogEntries[0], sigstore.LogKeys, envelope, material.Certificate);
        }
        else
        {
            signedAt = ValidFrom(material.Certificate);
            unverified.AddRange(["the signature's entry in the transparency log", "the time of signing"]);
        }

        // 4. Was it the authority's at that time?
        byte[] issuerKey = sigstore.Authorities.Verify([material.Certificate], signedAt);

        // 5. Could everybody see that the authority gave it out?
        if (sigstore.CertificateLogKeys.Count > 0)
        {
            CertificateLogCheck.Verify(material.Certificate, issuerKey, sigstore.CertificateLogKeys);
        }
        else
        {
            unverified.Insert(0, "the certificate's entry in the certificate transparency log");
        }

        return new Signer(material.Method, $"{by.Name} ({by.Issuer})") { NotVerified = unverified };
    }

    private static DateTimeOffset ValidFrom(byte[] der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        return certificate.NotBefore.ToUniversalTime();
    }

    private static void RequireSignature(VerificationKey key, DsseEnvelope envelope)
    {
        if (!key.Verify(envelope.Encode(), envelope.Signature.Span))
        {
            throw Broken();
        }
    }

    private static SlipwayException NotTrusted(string what) => new(ErrorCode.InvalidModel, $"the signature {what}");

    private static SlipwayException Broken() => new(ErrorCode.InvalidModel, "the signature does not hold: the statement or the signature has been altered, or it is by another key");
}
