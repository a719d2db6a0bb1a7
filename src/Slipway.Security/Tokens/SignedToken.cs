using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Slipway.Security.Tokens;

/// <summary>A JSON Web Token in compact form (RFC 7515, section 7.1), taken apart; nothing in it is to be believed before its signature was checked.</summary>
/// <param name="Algorithm">Its <c>alg</c>.</param>
/// <param name="KeyId">Its <c>kid</c>; null: none.</param>
/// <param name="Claims">Its payload, an object.</param>
/// <param name="SignedBytes">What was signed.</param>
/// <param name="Signature">The signature.</param>
internal sealed record SignedToken(string Algorithm, string? KeyId, JsonElement Claims, byte[] SignedBytes, byte[] Signature)
{
    private const int LongestKeyId = 256;

    // Twice the same name could mean one thing to us and another to whoever looked before us.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Takes a token apart.</summary>
    /// <returns>The token; null with the fault when it has not the form of one.</returns>
    public static SignedToken? Parse(string text, out string fault)
    {
        fault = "the token is neither an API key nor a signed JWT";
        string[] parts = text.Split('.');
        if (parts.Length != 3 || !Ascii.IsValid(text))
        {
            return null;
        }

        try
        {
            using JsonDocument header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]), Strict);
            using JsonDocument payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]), Strict);
            byte[] signature = Base64Url.DecodeFromChars(parts[2]);
            if (payload.RootElement.ValueKind != JsonValueKind.Object || TextOf(header.RootElement, "alg") is not { Length: > 0 } algorithm)
            {
                return null;
            }

            // RFC 7515, section 4.1.11: what is critical must be understood, and no extension is.
            if (header.RootElement.TryGetProperty("crit", out _) || TextOf(header.RootElement, "kid") is { Length: > LongestKeyId })
            {
                fault = "the token's header asks for what is not supported";
                return null;
            }

            byte[] signed = Encoding.ASCII.GetBytes(text, 0, parts[0].Length + 1 + parts[1].Length);
            return new SignedToken(algorithm, TextOf(header.RootElement, "kid"), payload.RootElement.Clone(), signed, signature);
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A claim or header of type text; null when it is absent or of another type.</summary>
    public static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
