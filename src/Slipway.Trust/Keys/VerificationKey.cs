using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Trust.Keys;

/// <summary>A public key on one of the curves P-256, P-384 and P-521, to verify ECDSA signatures with. Immutable and thread-safe.</summary>
public sealed class VerificationKey
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Supported = "EC keys on P-256, P-384 and P-521 are supported";

    private readonly byte[] _subjectPublicKeyInfo;
    private readonly EllipticCurve _curve;

    private VerificationKey(byte[] subjectPublicKeyInfo, EllipticCurve curve)
    {
        (_subjectPublicKeyInfo, _curve) = (subjectPublicKeyInfo, curve);
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(ToPem())));
        DerFingerprint = Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo));
    }

    /// <summary>SHA-256 of the key's PEM text, lower-case hex: the hint that a bundle names its key by.</summary>
    public string Fingerprint { get; }

    /// <summary>SHA-256 of the key's DER form, lower-case hex: how most other tools name it.</summary>
    public string DerFingerprint { get; }

    /// <summary>NIST's name of the curve.</summary>
    public string Curve => _curve.Name;

    /// <summary>The key as a SubjectPublicKeyInfo in DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => _subjectPublicKeyInfo;

    /// <summary>Reads the first public key of a PEM text.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="what">Where it came from, for messages.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it holds none, or one of another kind.</exception>
    public static VerificationKey FromPem(string pem, string what)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} holds no PEM text: a public key in PEM (BEGIN PUBLIC KEY) is expected");
        }

        string label = pem[fields.Label];
        return label == "PUBLIC KEY"
            ? FromSubjectPublicKeyInfo(Convert.FromBase64String(pem[fields.Base64Data]), what)
            : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} holds a '{label}': a public key (BEGIN PUBLIC KEY) is expected");
    }

    /// <summary>Reads a SubjectPublicKeyInfo in DER.</summary>
    /// <param name="der">The key.</param>
    /// <param name="what">Where it came from, for messages.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: it is none, or of another kind.</exception>
    public static VerificationKey FromSubjectPublicKeyInfo(ReadOnlySpan<byte> der, string what)
    {
        try
        {
            byte[] copy = der.ToArray();
            AsnReader info = new AsnReader(copy, AsnEncodingRules.DER).ReadSequence();
            AsnReader algorithm = info.ReadSequence();
            string oid = algorithm.ReadObjectIdentifier();
            if (oid != EcPublicKey || !algorithm.HasData || algorithm.PeekTag() != Asn1Tag.ObjectIdentifier
                || EllipticCurve.Find(algorithm.ReadObjectIdentifier()) is not { } curve)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} is a key of another kind: {Supported}");
            }

            using ECDsa key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(copy, out int read);
            return read == copy.Length
                ? new VerificationKey(copy, curve)
                : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} holds more than a key");
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} can't be read as a public key: {Supported}", fault);
        }
    }

    /// <summary>Whether <paramref name="signature"/> (DER, RFC 3279) is this key's over <paramref name="data"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        try
        {
            return key.VerifyData(data, signature, _curve.Hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether a bundle that names its key by <paramref name="hint"/> means this one.</summary>
    public bool Answers(string hint) =>
        string.Equals(hint, Fingerprint, StringComparison.OrdinalIgnoreCase) || string.Equals(hint, DerFingerprint, StringComparison.OrdinalIgnoreCase);

    /// <summary>The key in PEM, ended by a line feed.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _subjectPublicKeyInfo) + "\n";
}
