using System.Text.Json;

namespace Slipway.Security.Tokens;

/// <summary>The keys of an identity provider as they were read at one time (a JSON Web Key Set, RFC 7517, section 5).</summary>
internal sealed class SigningKeySet
{
    private const int MostKeys = 100;

    private readonly SigningKey[] _keys;

    private SigningKeySet(SigningKey[] keys)
    {
        _keys = keys;
    }

    /// <summary>Keys that can be used.</summary>
    public int Count => _keys.Length;

    /// <summary>Reads a key set.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static SigningKeySet Parse(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array
            ? new SigningKeySet([.. keys.EnumerateArray().Take(MostKeys).Select(SigningKey.Read).OfType<SigningKey>()])
            : throw new JsonException("a JSON Web Key Set is expected");
    }

    /// <summary>
    /// The keys that may have signed a token: those with its key id, or all where it has none. The id is compared and nothing else: it names no file and no address.
    /// </summary>
    public IEnumerable<SigningKey> For(SignedToken token, SignatureAlgorithm algorithm) =>
        _keys.Where(key => (token.KeyId is null || key.Id == token.KeyId) && key.Fits(token.Algorithm, algorithm));
}
