using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Trust.Certificates;

/// <summary>Reads whom a certificate is for beside its subject (RFC 5280, 4.2.1.6).</summary>
internal static class SubjectAlternativeNames
{
    private const string Oid = "2.5.29.17";

    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 6);

    /// <summary>E-mail addresses, DNS names, URIs and the text of other names, in the order of the certificate. Kinds that are not text are passed over.</summary>
    /// <exception cref="CryptographicException">The extension is damaged.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        X509Extension? extension = certificate.Extensions.FirstOrDefault(static candidate => candidate.Oid?.Value == Oid);
        if (extension is null)
        {
            return [];
        }

        try
        {
            List<string> names = [];
            AsnReader reader = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (reader.HasData)
            {
                Asn1Tag tag = reader.PeekTag();
                if (tag == Email || tag == Dns || tag == Address)
                {
                    names.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else if (tag == OtherName)
                {
                    AddOther(reader.ReadSequence(OtherName), names);
                }
                else
                {
                    reader.ReadEncodedValue();
                }
            }

            return names;
        }
        catch (AsnContentException fault)
        {
            throw new CryptographicException("damaged alternative names", fault);
        }
    }

    // Sigstore puts names of users that are no e-mail addresses here, as UTF-8.
    private static void AddOther(AsnReader other, List<string> names)
    {
        other.ReadObjectIdentifier();
        AsnReader value = other.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true));
        if (value.HasData && value.PeekTag() == new Asn1Tag(UniversalTagNumber.UTF8String))
        {
            names.Add(value.ReadCharacterString(UniversalTagNumber.UTF8String));
        }
    }
}
