using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Slipway.Security.Certificates;

/// <summary>The names in a certificate (RFC 5280, section 4.2.1.6).</summary>
/// <param name="CommonName">The subject's common name; null when it has none, or several.</param>
/// <param name="Dns">DNS names.</param>
/// <param name="Uris">URIs.</param>
/// <param name="Emails">E-mail addresses.</param>
internal sealed record CertificateNames(string? CommonName, IReadOnlyList<string> Dns, IReadOnlyList<string> Uris, IReadOnlyList<string> Emails)
{
    private const string AlternativeNames = "2.5.29.17";
    private const string CommonNameType = "2.5.4.3";

    // Context-specific tags of GeneralName.
    private const int EmailTag = 1;
    private const int DnsTag = 2;
    private const int UriTag = 6;

    /// <summary>Reads the names; a broken extension has none.</summary>
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        Dictionary<int, List<string>> names = new() { [EmailTag] = [], [DnsTag] = [], [UriTag] = [] };
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == AlternativeNames)
            {
                Read(extension.RawData, names);
            }
        }

        return new CertificateNames(CommonNameOf(certificate), names[DnsTag], names[UriTag], names[EmailTag]);
    }

    private static void Read(byte[] extension, Dictionary<int, List<string>> names)
    {
        try
        {
            AsnReader sequence = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                Asn1Tag tag = sequence.PeekTag();
                if (tag.TagClass == TagClass.ContextSpecific && names.TryGetValue(tag.TagValue, out List<string>? list))
                {
                    list.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            foreach (List<string> list in names.Values)
            {
                list.Clear();
            }
        }
    }

    private static string? CommonNameOf(X509Certificate2 certificate)
    {
        try
        {
            string?[] names = [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .Where(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonNameType)
                .Select(static part => part.GetSingleElementValue())];
            return names.Length == 1 ? names[0] : null;
        }
        catch (Exception broken) when (broken is CryptographicException or DecoderFallbackException)
        {
            return null;
        }
    }
}
