using System.Security.Cryptography;

namespace Slipway.Trust.Keys;

/// <summary>A curve that models may be signed with, and the hash that goes with it (OpenSSF Model Signing, algorithm registry).</summary>
/// <param name="Name">NIST's name.</param>
/// <param name="Oid">Object identifier.</param>
/// <param name="Hash">Hash of what is signed.</param>
internal sealed record EllipticCurve(string Name, string Oid, HashAlgorithmName Hash)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<EllipticCurve> All { get; } =
    [
        new("P-256", "1.2.840.10045.3.1.7", HashAlgorithmName.SHA256),
        new("P-384", "1.3.132.0.34", HashAlgorithmName.SHA384),
        new("P-521", "1.3.132.0.35", HashAlgorithmName.SHA512),
    ];

    /// <summary>The curve with this identifier, or null.</summary>
    public static EllipticCurve? Find(string oid) => All.FirstOrDefault(curve => curve.Oid == oid);
}
