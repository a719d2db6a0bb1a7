using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Trust.Keys;

/// <summary>A private key on one of the curves P-256, P-384 and P-521. Thread-safe.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly EllipticCurve _curve;
    private readonly Lock _gate = new();

    private SigningKey(ECDsa key, VerificationKey publicKey)
    {
        (_key, PublicKey) = (key, publicKey);
        _curve = EllipticCurve.All.Single(curve => curve.Name == publicKey.Curve);
    }

    /// <summary>The public half.</summary>
    public VerificationKey PublicKey { get; }

    /// <summary>A new key on P-256.</summary>
    public static SigningKey Create() => Wrap(ECDsa.Create(ECCurve.NamedCurves.nistP256), "a new key");

    /// <summary>Reads a private key: <c>EC PRIVATE KEY</c>, <c>PRIVATE KEY</c>, or <c>ENCRYPTED PRIVATE KEY</c> with its passphrase.</summary>
    /// <param name="pem">PEM text.</param>
    /// <param name="passphrase">The passphrase; null: none.</param>
    /// <param name="what">Where it came from, for messages.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: no key of a supported kind, or a wrong passphrase.</exception>
    public static SigningKey FromPem(string pem, string? passphrase, string what)
    {
        ECDsa key = ECDsa.Create();
        try
        {
            bool isEncrypted = pem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
            if (isEncrypted && passphrase is null)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} is protected by a passphrase, and none was given");
            }

            if (isEncrypted)
            {
                key.ImportFromEncryptedPem(pem, passphrase);
            }
            else
            {
                key.ImportFromPem(pem);
            }

            SigningKey signing = Wrap(key, what);
            signing.RequirePrivate(what);
            return signing;
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new SlipwayException(ErrorCode.InvalidConfiguration,
                $"{what} can't be read as a private key, or the passphrase is wrong: EC keys on P-256, P-384 and P-521 in PEM are supported", fault);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Signs, DER (RFC 3279).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            return _key.SignData(data, _curve.Hash, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    /// <summary>The key as PKCS #8 in PEM, to be kept secret.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _key.Dispose();

    private static SigningKey Wrap(ECDsa key, string what) =>
        new(key, VerificationKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), what));

    private void RequirePrivate(string what)
    {
        try
        {
            Sign([]);
        }
        catch (CryptographicException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{what} holds only a public key: the private one is needed to sign", fault);
        }
    }
}
