using System.Security.Claims;
using System.Text.Json;
using Slipway.Security.Identity;
using Slipway.Security.Policies;

namespace Slipway.Security.Tokens;

/// <summary>Makes callers of the claims of good tokens: a name, and roles by group.</summary>
internal sealed class TokenCallers
{
    private const string Everybody = "*";
    private const int LongestName = 256;
    private const int MostClaims = 50;
    private const int MostGroups = 1000;
    private const int LongestClaim = 1024;

    private readonly TokenIssuer _issuer;
    private readonly Dictionary<string, IReadOnlyList<Grant>> _grants;

    public TokenCallers(TokenIssuer issuer, RoleSet roles)
    {
        _issuer = issuer;
        _grants = issuer.Roles.ToDictionary(static entry => entry.Key, entry => roles.Parse(entry.Value), StringComparer.Ordinal);
    }

    /// <summary>The caller; null when the token names nobody.</summary>
    public CallerIdentity? Of(JsonElement claims)
    {
        if (SignedToken.TextOf(claims, _issuer.NameClaim) is not { Length: > 0 and <= LongestName } name || name.Any(char.IsControl))
        {
            return null;
        }

        IEnumerable<Grant> grants = GroupsOf(claims).Append(Everybody).Distinct(StringComparer.Ordinal).SelectMany(group => _grants.GetValueOrDefault(group, []));
        return new CallerIdentity("user/" + name, CallerKind.Token, grants, Texts(claims));
    }

    private IEnumerable<string> GroupsOf(JsonElement claims)
    {
        // A claim whose own name holds dots (some providers' are addresses) comes before a path.
        if (!claims.TryGetProperty(_issuer.GroupsClaim, out JsonElement value))
        {
            value = claims;
            foreach (string part in _issuer.GroupsClaim.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value))
                {
                    return [];
                }
            }
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostGroups),
            JsonValueKind.Array => value.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!).Take(MostGroups),
            _ => [],
        };
    }

    private static IEnumerable<Claim> Texts(JsonElement claims) => claims.EnumerateObject()
        .Where(static claim => claim.Value.ValueKind == JsonValueKind.String && claim.Value.GetString()!.Length <= LongestClaim)
        .Take(MostClaims)
        .Select(static claim => new Claim(claim.Name, claim.Value.GetString()!));
}
