using System.Text;
using Microsoft.Extensions.Primitives;

namespace Slipway.Security.Authentication;

/// <summary>Takes the secret out of an <c>Authorization</c> header: a bearer token, or the password of Basic, which is how MLflow's clients and curl send one.</summary>
internal static class AuthorizationHeader
{
    /// <summary>Longest credentials looked at, in characters.</summary>
    public const int MostCharacters = 16 << 10;

    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>Reads the header.</summary>
    /// <param name="values">All values of the header.</param>
    /// <param name="secret">What was sent.</param>
    /// <returns>Null when it could be read, else what is wrong.</returns>
    public static string? Read(StringValues values, out string secret)
    {
        secret = "";
        if (values.Count != 1)
        {
            return "more than one Authorization header was sent";
        }

        string value = values.ToString();
        if (value.Length > MostCharacters)
        {
            return "the credentials are too long";
        }

        if (value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            secret = value[Bearer.Length..].Trim();
            return secret.Length > 0 ? null : "the bearer token is empty";
        }

        return value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            ? ReadBasic(value.AsSpan(Basic.Length).Trim(), out secret)
            : "only 'Authorization: Bearer TOKEN' and Basic with the token as the password are understood";
    }

    private static string? ReadBasic(ReadOnlySpan<char> encoded, out string secret)
    {
        secret = "";
        byte[] bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out int length))
        {
            return "the Basic credentials are not base64";
        }

        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        secret = colon < 0 ? "" : pair[(colon + 1)..];
        return secret.Length > 0 ? null : "the Basic credentials have no password, which is where the token goes";
    }
}
