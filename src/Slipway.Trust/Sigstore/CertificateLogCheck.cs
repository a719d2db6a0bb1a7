using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Sigstore;

/// <summary>
/// Verifies that a certificate was given to a certificate transparency log before it was signed, by the time stamps that are embedded in it (RFC 6962, sections 3.2 and 3.3): what the log
/// signed is the certificate without them, and the key of who issued it.
/// </summary>
internal static class CertificateLogCheck
{
    private const string TimestampList = "1.3.6.1.4.1.11129.2.4.2";
    private const int BytesBeforeEntry = 12;
    private const int LengthBytes = 3;

    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3, isConstructed: true);

    /// <summary>Verifies one time stamp at least.</summary>
    /// <param name="certificate">The certificate in DER.</param>
    /// <param name="issuerKey">The issuer's SubjectPublicKeyInfo in DER.</param>
    /// <param name="logKeys">Keys of the logs.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: there is none by these keys, or it is about another certificate.</exception>
    public static void Verify(byte[] certificate, byte[] issuerKey, IReadOnlyList<VerificationKey> logKeys)
    {
        (byte[] signed, byte[]? list) = Split(certificate);
        if (list is null)
        {
            throw Wrong("has no time stamp of a certificate transparency log");
        }

        bool isKnown = false;
        foreach (CertificateTimestamp stamp in CertificateTimestamp.ReadList(list).Where(static stamp => stamp.IsSupported))
        {
            string log = Convert.ToHexStringLower(stamp.LogId);
            foreach (VerificationKey key in logKeys.Where(key => key.DerFingerprint == log))
            {
                isKnown = true;
                if (key.Verify(Entry(stamp, signed, issuerKey), stamp.Signature))
                {
                    return;
                }
            }
        }

        throw Wrong(isKnown
            ? "has a time stamp of a certificate transparency log that does not hold"
            : "has no time stamp of a certificate transparency log whose key was given");
    }

    /// <summary>The certificate as its issuer was about to sign it, and the list of time stamps, which was not in it yet; null when it has none.</summary>
    private static (byte[] Signed, byte[]? List) Split(byte[] certificate)
    {
        try
        {
            AsnReader fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadSequence();
            AsnWriter signed = new(AsnEncodingRules.DER);
            byte[]? list = null;
            using (signed.PushSequence())
            {
                while (fields.HasData)
                {
                    if (fields.PeekTag() == Extensions)
                    {
                        list = CopyExtensions(fields.ReadSequence(Extensions).ReadSequence(), signed);
                    }
                    else
                    {
                        signed.WriteEncodedValue(fields.ReadEncodedValue().Span);
                    }
                }
            }

            return (signed.Encode(), list);
        }
        catch (AsnContentException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the signing certificate can't be read", fault);
        }
    }

    private static byte[]? CopyExtensions(AsnReader extensions, AsnWriter signed)
    {
        byte[]? list = null;
        using (signed.PushSequence(Extensions))
        using (signed.PushSequence())
        {
            while (extensions.HasData)
            {
                ReadOnlyMemory<byte> encoded = extensions.ReadEncodedValue();
                AsnReader extension = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
                if (extension.ReadObjectIdentifier() != TimestampList)
                {
                    signed.WriteEncodedValue(encoded.Span);
                    continue;
                }

                if (list is not null)
                {
                    throw Wrong("has two lists of time stamps of certificate transparency logs");
                }

                if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
                {
                    extension.ReadBoolean();
                }

                // The value of every extension is an octet string; that of this one holds another.
                list = new AsnReader(extension.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
            }
        }

        return list;
    }

    // version v1, certificate_timestamp, time, precert_entry, hash of the issuer's key, the certificate with three bytes of length, extensions with two.
    private static byte[] Entry(CertificateTimestamp stamp, byte[] signed, byte[] issuerKey)
    {
        byte[] entry = new byte[BytesBeforeEntry + SHA256.HashSizeInBytes + LengthBytes + signed.Length + sizeof(ushort) + stamp.Extensions.Length];
        Span<byte> rest = entry;
        BinaryPrimitives.WriteUInt64BigEndian(rest[2..], stamp.Time);
        rest[BytesBeforeEntry - 1] = 1;
        rest = rest[BytesBeforeEntry..];
        SHA256.HashData(issuerKey, rest);
        rest = rest[SHA256.HashSizeInBytes..];
        (rest[0], rest[1], rest[2]) = ((byte)(signed.Length >> 16), (byte)(signed.Length >> 8), (byte)signed.Length);
        signed.CopyTo(rest[LengthBytes..]);
        rest = rest[(LengthBytes + signed.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)stamp.Extensions.Length);
        stamp.Extensions.CopyTo(rest[sizeof(ushort)..]);
        return entry;
    }

    private static SlipwayException Wrong(string what) => new(ErrorCode.InvalidModel, $"the signing certificate {what}");
}
