using System.Text.Json;

namespace Slipway.Security.Tokens;

/// <summary>Whether the claims of a token whose signature is good let it in (RFC 7519, section 4.1). Pure.</summary>
internal static class ClaimRules
{
    private const double LastSecond = 253_402_300_799;

    /// <summary>What is wrong with the claims; null: nothing.</summary>
    public static string? Check(JsonElement claims, TokenIssuer issuer, DateTimeOffset now)
    {
        if (SignedToken.TextOf(claims, "iss") != issuer.Issuer)
        {
            return "the token is of another issuer";
        }

        if (!IsFor(claims, issuer.Audiences))
        {
            return "the token is for another audience";
        }

        if (!TryTime(claims, "exp", out DateTimeOffset? expires) || expires is null)
        {
            return "the token does not say when it expires";
        }

        if (now >= expires.Value + issuer.ClockSkew)
        {
            return "the token has expired";
        }

        if (!TryTime(claims, "nbf", out DateTimeOffset? notBefore) || !TryTime(claims, "iat", out DateTimeOffset? issued))
        {
            return "the token's times are not numbers of seconds";
        }

        return notBefore - issuer.ClockSkew > now || issued - issuer.ClockSkew > now ? "the token is not valid yet" : null;
    }

    /// <summary>When a token that passed <see cref="Check"/> expires.</summary>
    public static DateTimeOffset ExpiryOf(JsonElement claims) => TryTime(claims, "exp", out DateTimeOffset? expires) ? expires!.Value : default;

    private static bool IsFor(JsonElement claims, IReadOnlyList<string> audiences) => claims.TryGetProperty("aud", out JsonElement audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audiences.Contains(audience.GetString()!),
        JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && audiences.Contains(one.GetString()!)),
        _ => false,
    };

    /// <returns>False when the claim is there and is no time.</returns>
    private static bool TryTime(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double seconds) || seconds is not (>= 0 and <= LastSecond))
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds));
        return true;
    }
}
