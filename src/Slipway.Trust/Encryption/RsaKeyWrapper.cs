using System.Security.Cryptography;
using Slipway.Core;
using Slipway.Trust.Keys;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Wraps data keys by RSA-OAEP with SHA-256 (RFC 8017). The name of a key is the SHA-256 of its public half, so that several can be kept: the first wraps,
/// all unwrap. At least 2048 bits.
/// </summary>
public sealed class RsaKeyWrapper : IKeyWrapper, IDisposable
{
    private const int LeastBits = 2048;

    private readonly List<(string Id, RSA Key)> _keys;

    private RsaKeyWrapper(List<(string, RSA)> keys) => _keys = keys;

    /// <inheritdoc/>
    public string KeyId => _keys[0].Id;

    /// <summary>Reads private keys in PEM: the present one, then those that older data keys are wrapped with.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: a file is no RSA private key of at least 2048 bits.</exception>
    public static RsaKeyWrapper Read(IReadOnlyList<string> files)
    {
        List<(string, RSA)> keys = [];
        foreach (string file in files)
        {
            RSA key = RSA.Create();
            try
            {
                key.ImportFromPem(PemFile.Read(file));
                _ = key.ExportRSAPrivateKey();
                keys.Add(("rsa:" + Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())), key));
            }
            catch (Exception fault) when (fault is CryptographicException or ArgumentException)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"'{Path.GetFileName(file)}' is no private RSA key in PEM without passphrase", fault);
            }

            if (key.KeySize < LeastBits)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"'{Path.GetFileName(file)}' has {key.KeySize} bits: at least {LeastBits} are expected");
            }
        }

        return keys.Count > 0 ? new RsaKeyWrapper(keys) : throw new SlipwayException(ErrorCode.InvalidConfiguration, "no key to encrypt with was given");
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            return ValueTask.FromResult(_keys[0].Key.Encrypt(dataKey.Span, RSAEncryptionPadding.OaepSHA256));
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> UnwrapAsync(string keyId, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            RSA key = _keys.Find(candidate => candidate.Id == keyId).Key
                ?? throw new SlipwayException(ErrorCode.Internal, $"the key '{keyId}' that a blob is encrypted with is not here: add it to the older keys");
            try
            {
                return ValueTask.FromResult(key.Decrypt(wrapped.Span, RSAEncryptionPadding.OaepSHA256));
            }
            catch (CryptographicException fault)
            {
                throw new SlipwayException(ErrorCode.Internal, $"a data key can't be unwrapped with the key '{keyId}': it has been altered, or was wrapped with another key", fault);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.ForEach(static pair => pair.Key.Dispose());
}
