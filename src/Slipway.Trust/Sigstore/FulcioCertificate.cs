using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Slipway.Core;
using Slipway.Trust.Certificates;

namespace Slipway.Trust.Sigstore;

/// <summary>Reads what a certificate of Sigstore's authority says of whom it was given to.</summary>
internal static class FulcioCertificate
{
    private const string IssuerText = "1.3.6.1.4.1.57264.1.1";
    private const string IssuerDer = "1.3.6.1.4.1.57264.1.8";

    /// <summary>The identities of a certificate: every alternative name with the issuer.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it can't be read, or says nothing of its issuer.</exception>
    public static IReadOnlyList<SigstoreIdentity> IdentitiesOf(byte[] der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            string issuer = IssuerOf(certificate) ?? throw new SlipwayException(ErrorCode.InvalidModel, "the signing certificate does not say who vouched for its identity");
            return [.. SubjectAlternativeNames.Of(certificate).Select(name => new SigstoreIdentity(name, issuer))];
        }
        catch (CryptographicException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the signing certificate can't be read", fault);
        }
    }

    private static string? IssuerOf(X509Certificate2 certificate)
    {
        byte[]? Find(string oid) => certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == oid)?.RawData;
        if (Find(IssuerDer) is { } der)
        {
            try
            {
                return new AsnReader(der, AsnEncodingRules.DER).ReadCharacterString(UniversalTagNumber.UTF8String);
            }
            catch (AsnContentException fault)
            {
                throw new CryptographicException("damaged issuer", fault);
            }
        }

        return Find(IssuerText) is { } text ? Encoding.UTF8.GetString(text) : null;
    }
}
