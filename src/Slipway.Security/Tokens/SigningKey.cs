using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Security.Tokens;

/// <summary>A public key of an identity provider (RFC 7517). Thread-safe.</summary>
internal sealed class SigningKey
{
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 16_384;

    private readonly AsymmetricAlgorithm _key;
    private readonly string? _algorithm;
    private readonly Lock _gate = new();

    private SigningKey(string? id, string type, string? algorithm, AsymmetricAlgorithm key)
    {
        (Id, Type, _algorithm, _key) = (id, type, algorithm, key);
    }

    /// <summary>Its <c>kid</c>; null: none.</summary>
    public string? Id { get; }

    /// <summary>Its <c>kty</c>.</summary>
    public string Type { get; }

    /// <summary>Reads one key of a set; null for those that sign nothing here: symmetric, for encryption, too short, of unknown kinds, or broken.</summary>
    public static SigningKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || SignedToken.TextOf(jwk, "use") is not (null or "sig"))
        {
            return null;
        }

        try
        {
            string? type = SignedToken.TextOf(jwk, "kty");
            AsymmetricAlgorithm? key = type switch
            {
                "RSA" => ReadRsa(jwk),
                "EC" => ReadCurve(jwk),
                _ => null,
            };
            return key is null ? null : new SigningKey(SignedToken.TextOf(jwk, "kid"), type!, SignedToken.TextOf(jwk, "alg"), key);
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether it could have made a signature by an algorithm.</summary>
    public bool Fits(string name, SignatureAlgorithm algorithm) =>
        Type == algorithm.KeyType && (_algorithm is null || _algorithm == name) && (algorithm.CurveBits == 0 || _key.KeySize == algorithm.CurveBits);

    /// <summary>Whether it made a token's signature.</summary>
    public bool Verifies(SignedToken token, SignatureAlgorithm algorithm)
    {
        // The platform promises no thread safety for key objects; tokens that were seen before don't come here.
        lock (_gate)
        {
            return _key switch
            {
                RSA rsa => rsa.VerifyData(token.SignedBytes, token.Signature, algorithm.Hash, algorithm.IsPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
                ECDsa curve => curve.VerifyData(token.SignedBytes, token.Signature, algorithm.Hash),
                _ => false,
            };
        }
    }

    private static RSA? ReadRsa(JsonElement jwk)
    {
        if (BytesOf(jwk, "n") is not { Length: <= MostRsaBits / 8 } modulus || BytesOf(jwk, "e") is not { Length: > 0 and <= 8 } exponent)
        {
            return null;
        }

        RSA rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        if (rsa.KeySize >= LeastRsaBits)
        {
            return rsa;
        }

        rsa.Dispose();
        return null;
    }

    private static ECDsa? ReadCurve(JsonElement jwk)
    {
        ECCurve? curve = SignedToken.TextOf(jwk, "crv") switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        return curve is { } known && BytesOf(jwk, "x") is { } x && BytesOf(jwk, "y") is { } y
            ? ECDsa.Create(new ECParameters { Curve = known, Q = new ECPoint { X = x, Y = y } })
            : null;
    }

    private static byte[]? BytesOf(JsonElement jwk, string name) => SignedToken.TextOf(jwk, name) is { } text ? Base64Url.DecodeFromChars(text) : null;
}
