using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Security.Keys;

/// <summary>
/// The form of an API key: <c>slw_</c>, 16 hexadecimal digits of its id, <c>_</c>, and 256 random bits in base64url, 64 characters in all. The prefix lets scanners of
/// repositories find keys that were committed by mistake.
/// </summary>
internal static class ApiKeyText
{
    public const string Prefix = "slw_";

    private const int IdBytes = 8;
    private const int IdLength = 2 * IdBytes;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int SecretAt = 4 + IdLength + 1;

    /// <summary>Makes a new key.</summary>
    /// <returns>Its id, the whole key to be shown once, and the hash to be stored.</returns>
    public static (string Id, string Key, string Hash) Create()
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (id, $"{Prefix}{id}_{secret}", Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret))));
    }

    /// <summary>Takes a key apart; false when it has not the form of one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? id, out ReadOnlySpan<char> secret)
    {
        id = null;
        secret = default;
        if (text.Length != SecretAt + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[SecretAt - 1] != '_' || !Ascii.IsValid(text))
        {
            return false;
        }

        id = text.Substring(Prefix.Length, IdLength);
        secret = text.AsSpan(SecretAt);
        return true;
    }

    /// <summary>Whether a secret is the one that was hashed, in a time that tells nothing.</summary>
    public static bool Matches(ReadOnlySpan<char> secret, ReadOnlySpan<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[SecretLength];
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        Encoding.ASCII.GetBytes(secret, ascii);
        SHA256.HashData(ascii, actual);
        return CryptographicOperations.FixedTimeEquals(actual, hash);
    }
}
