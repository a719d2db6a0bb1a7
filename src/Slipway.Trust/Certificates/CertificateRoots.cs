using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core;

namespace Slipway.Trust.Certificates;

/// <summary>Root certificates that an operator trusts, and verification of chains that lead to them. Nothing is fetched. Immutable and thread-safe.</summary>
public sealed class CertificateRoots
{
    private readonly IReadOnlyList<byte[]> _roots;

    private CertificateRoots(IReadOnlyList<byte[]> roots) => _roots = roots;

    /// <summary>Reads the certificates of a PEM text; those that are not self-signed help to build chains and are not trusted themselves.</summary>
    /// <param name="pem">The text, any number of certificates.</param>
    /// <param name="what">Where it came from, for messages.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it holds no certificate, or a damaged one.</exception>
    public static CertificateRoots FromPem(string pem, string what) => new(ReadAll(pem, what));

    /// <summary>All certificates of a PEM text, in DER, in their order.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it holds no certificate, or a damaged one.</exception>
    public static IReadOnlyList<byte[]> ReadAll(string pem, string what)
    {
        try
        {
            X509Certificate2Collection found = [];
            found.ImportFromPem(pem);
            byte[][] certificates = [.. found.Select(static certificate => certificate.RawData)];
            Dispose(found);
            return certificates.Length is > 0 and <= 1000
                ? certificates
                : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} holds no certificate in PEM (BEGIN CERTIFICATE)");
        }
        catch (CryptographicException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} holds a certificate that can't be read", fault);
        }
    }

    /// <summary>The certificates of both.</summary>
    public CertificateRoots With(CertificateRoots other) => new([.. _roots, .. other._roots]);

    /// <summary>Verifies that a chain leads to one of the roots.</summary>
    /// <param name="certificates">The signing certificate, then those between it and the root, in DER.</param>
    /// <param name="time">When all of them have to be valid.</param>
    /// <returns>The SubjectPublicKeyInfo, in DER, of who issued the signing certificate.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> with what is wrong with the chain.</exception>
    internal byte[] Verify(IReadOnlyList<byte[]> certificates, DateTimeOffset time)
    {
        X509Certificate2Collection loaded = [];
        using X509Chain chain = new();
        try
        {
            foreach (byte[] der in certificates)
            {
                loaded.Add(X509CertificateLoader.LoadCertificate(der));
            }

            // A root that signs itself need not be allowed to issue certificates: there is no chain to build.
            if (loaded[0].SubjectName.RawData.AsSpan().SequenceEqual(loaded[0].IssuerName.RawData) && _roots.Any(root => root.AsSpan().SequenceEqual(certificates[0])))
            {
                RequireValidAt(loaded[0], time);
                return loaded[0].PublicKey.ExportSubjectPublicKeyInfo();
            }

            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = time.UtcDateTime;
            chain.ChainPolicy.VerificationTimeIgnored = false;
            foreach (byte[] root in _roots)
            {
                chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root));
            }

            for (int i = 1; i < loaded.Count; i++)
            {
                chain.ChainPolicy.ExtraStore.Add(loaded[i]);
            }

            if (!chain.Build(loaded[0]))
            {
                string reasons = string.Join(", ", chain.ChainStatus.Select(static status => Describe(status.Status)).Distinct());
                throw new SlipwayException(ErrorCode.InvalidModel, $"the certificate of '{loaded[0].Subject}' is not trusted: {reasons}");
            }

            // Whoever is the last one signed itself.
            return chain.ChainElements[Math.Min(1, chain.ChainElements.Count - 1)].Certificate.PublicKey.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "a certificate of the signature can't be read", fault);
        }
        finally
        {
            Dispose(chain.ChainPolicy.CustomTrustStore);
            Dispose(loaded);
        }
    }

    private static void RequireValidAt(X509Certificate2 certificate, DateTimeOffset time)
    {
        if (time.UtcDateTime < certificate.NotBefore.ToUniversalTime() || time.UtcDateTime > certificate.NotAfter.ToUniversalTime())
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the certificate of '{certificate.Subject}' is not trusted: {Describe(X509ChainStatusFlags.NotTimeValid)}");
        }
    }

    private static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    private static string Describe(X509ChainStatusFlags status) => status switch
    {
        X509ChainStatusFlags.NotTimeValid => "it, or one above it, is not valid at this time",
        X509ChainStatusFlags.UntrustedRoot => "its root is not among those that are trusted",
        X509ChainStatusFlags.PartialChain => "no chain leads to a root that is trusted",
        X509ChainStatusFlags.NotSignatureValid => "a signature in the chain is wrong",
        X509ChainStatusFlags.InvalidBasicConstraints => "a certificate in the chain may not issue others",
        X509ChainStatusFlags.NotValidForUsage => "it is not for this use",
        _ => status.ToString(),
    };
}
