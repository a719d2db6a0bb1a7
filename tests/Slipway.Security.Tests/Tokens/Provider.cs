using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Security.Tokens;

namespace Slipway.Security.Tests.Tokens;

/// <summary>An identity provider: its keys, its documents, and tokens as it or a forger would make them.</summary>
internal sealed class Provider : IDocumentFetcher
{
    public const string Issuer = "https://id.example/realms/ops";

    // Making an RSA key takes a good part of a second.
    private static readonly RSA SharedRsa = RSA.Create(2048);
    private static readonly ECDsa SharedCurve = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly Dictionary<string, AsymmetricAlgorithm> _keys = [];

    public Provider()
    {
        Add("rsa", SharedRsa);
        Add("ec", SharedCurve);
    }

    public List<Uri> Fetched { get; } = [];

    public bool IsAway { get; set; }

    public string ClaimedIssuer { get; set; } = Issuer;

    public string KeysAddress { get; set; } = Issuer + "/keys";

    public RSA Rsa => (RSA)_keys["rsa"];

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public static JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = Issuer,
        ["aud"] = "slipway",
        ["sub"] = "alice",
        ["groups"] = new JsonArray("ml", "staff"),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
    };

    public void Add(string id, AsymmetricAlgorithm key) => _keys[id] = key;

    public void Remove(string id) => _keys.Remove(id);

    public string Sign(JsonObject claims, string algorithm = "RS256", string? key = "rsa", string? header = null)
    {
        string text = $"{Part(header ?? $$"""{"alg":"{{algorithm}}","typ":"JWT"{{(key is null ? "" : $",\"kid\":\"{key}\"")}}}""")}.{Part(claims.ToJsonString())}";
        byte[] signed = Encoding.ASCII.GetBytes(text);
        HashAlgorithmName hash = new("SHA" + algorithm[2..]);
        byte[] signature = _keys[key ?? (algorithm[0] == 'E' ? "ec" : "rsa")] switch
        {
            RSA rsa => rsa.SignData(signed, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            ECDsa curve => curve.SignData(signed, hash),
            _ => throw new InvalidOperationException(),
        };
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public string KeySet()
    {
        JsonArray keys = [];
        foreach ((string id, AsymmetricAlgorithm key) in _keys)
        {
            keys.Add(key switch
            {
                RSA rsa => new JsonObject { ["kty"] = "RSA", ["kid"] = id, ["use"] = "sig", ["n"] = Text(rsa.ExportParameters(false).Modulus!), ["e"] = Text(rsa.ExportParameters(false).Exponent!) },
                ECDsa curve => new JsonObject
                {
                    ["kty"] = "EC",
                    ["kid"] = id,
                    ["crv"] = $"P-{curve.KeySize}",
                    ["x"] = Text(curve.ExportParameters(false).Q.X!),
                    ["y"] = Text(curve.ExportParameters(false).Q.Y!),
                },
                _ => null,
            });
        }

        return new JsonObject { ["keys"] = keys }.ToJsonString();
    }

    public Task<byte[]> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        Fetched.Add(address);
        if (IsAway)
        {
            throw new HttpRequestException("away");
        }

        string document = address.AbsolutePath.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? new JsonObject { ["issuer"] = ClaimedIssuer, ["jwks_uri"] = KeysAddress }.ToJsonString()
            : KeySet();
        return Task.FromResult(Encoding.UTF8.GetBytes(document));
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
