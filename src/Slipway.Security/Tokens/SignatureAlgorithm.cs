using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Slipway.Security.Tokens;

/// <summary>
/// The signature algorithms that are taken (RFC 7518, section 3.1): asymmetric ones alone. <c>none</c> is no signature, and an HMAC would make a secret of what everybody
/// may know, the provider's public key.
/// </summary>
/// <param name="KeyType">The key's <c>kty</c>.</param>
/// <param name="Hash">Hash.</param>
/// <param name="IsPss">Whether RSA pads by PSS.</param>
/// <param name="CurveBits">Size of the elliptic curve; 0 for RSA.</param>
internal sealed record SignatureAlgorithm(string KeyType, HashAlgorithmName Hash, bool IsPss, int CurveBits)
{
    private static readonly FrozenDictionary<string, SignatureAlgorithm> All = new Dictionary<string, SignatureAlgorithm>
    {
        ["RS256"] = new("RSA", HashAlgorithmName.SHA256, false, 0),
        ["RS384"] = new("RSA", HashAlgorithmName.SHA384, false, 0),
        ["RS512"] = new("RSA", HashAlgorithmName.SHA512, false, 0),
        ["PS256"] = new("RSA", HashAlgorithmName.SHA256, true, 0),
        ["PS384"] = new("RSA", HashAlgorithmName.SHA384, true, 0),
        ["PS512"] = new("RSA", HashAlgorithmName.SHA512, true, 0),
        ["ES256"] = new("EC", HashAlgorithmName.SHA256, false, 256),
        ["ES384"] = new("EC", HashAlgorithmName.SHA384, false, 384),
        ["ES512"] = new("EC", HashAlgorithmName.SHA512, false, 521),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The algorithm of a name; null when it is not taken.</summary>
    public static SignatureAlgorithm? Find(string name) => All.GetValueOrDefault(name);
}
