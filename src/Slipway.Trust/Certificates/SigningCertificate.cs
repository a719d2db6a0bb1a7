using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Certificates;

/// <summary>A certificate that a model may be signed with.</summary>
/// <param name="Subject">Distinguished name.</param>
/// <param name="Key">Its public key.</param>
/// <param name="AlternativeNames">E-mail addresses, DNS names and URIs that it is for as well.</param>
internal sealed record SigningCertificate(string Subject, VerificationKey Key, IReadOnlyList<string> AlternativeNames)
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    private const string AnyUsage = "2.5.29.37.0";

    /// <summary>Reads a certificate and checks that it may be used to sign.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it can't be read, or is not for that.</exception>
    public static SigningCertificate Read(byte[] der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            RequireUsage(certificate);
            return new SigningCertificate(
                certificate.Subject,
                VerificationKey.FromSubjectPublicKeyInfo(certificate.PublicKey.ExportSubjectPublicKeyInfo(), $"the certificate of '{certificate.Subject}'"),
                SubjectAlternativeNames.Of(certificate));
        }
        catch (CryptographicException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the signing certificate can't be read", fault);
        }
        catch (SlipwayException fault) when (fault.Code == ErrorCode.InvalidConfiguration)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, fault.Message, fault);
        }
    }

    // A certificate that names uses is for those and no others (RFC 5280, 4.2.1.3 and 4.2.1.12); one that names none says nothing that signing could rest on.
    private static void RequireUsage(X509Certificate2 certificate)
    {
        X509KeyUsageExtension? usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        X509EnhancedKeyUsageExtension? extended = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        bool isForSigning = (usage is not null || extended is not null)
            && (usage is null || usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
            && (extended is null || extended.EnhancedKeyUsages.Cast<Oid>().Any(static use => use.Value is CodeSigning or AnyUsage));
        if (!isForSigning)
        {
            throw new SlipwayException(ErrorCode.InvalidModel,
                $"the certificate of '{certificate.Subject}' may not be used to sign: key usage digitalSignature and, where it has an extended key usage, codeSigning are expected");
        }
    }
}
