using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>The roles of a server: those that every server has, and the operator's own. Immutable.</summary>
public sealed class RoleSet
{
    private const int MostGrants = 100;

    private readonly FrozenDictionary<string, Role> _roles;

    /// <summary>A set with the operator's own roles.</summary>
    /// <param name="custom">Must not have the names of built-in ones.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>.</exception>
    public RoleSet(IEnumerable<Role> custom)
    {
        Dictionary<string, Role> roles = BuiltInRoles.All.ToDictionary(static role => role.Name, StringComparer.Ordinal);
        foreach (Role role in custom)
        {
            if (!IsName(role.Name))
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"role '{role.Name}': a role's name has 1 to 64 lower-case letters, digits and hyphens");
            }

            if (!roles.TryAdd(role.Name, role))
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, $"role '{role.Name}' exists already");
            }
        }

        _roles = roles.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>All roles, by name.</summary>
    public IEnumerable<Role> All => _roles.Values.OrderBy(static role => role.Name, StringComparer.Ordinal);

    /// <summary>Reads grants as they are written: <c>ROLE</c> or <c>ROLE:PATTERN</c>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, naming the unknown role.</exception>
    public IReadOnlyList<Grant> Parse(IEnumerable<string> texts)
    {
        List<Grant> grants = [];
        foreach (string text in texts)
        {
            if (!TryParse(text, out Grant? grant))
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"'{text}' is not ROLE or ROLE:PATTERN; the roles are {string.Join(", ", All.Select(static role => role.Name))}");
            }

            grants.Add(grant);
            if (grants.Count > MostGrants)
            {
                throw new SlipwayException(ErrorCode.InvalidRequest, $"at most {MostGrants} roles can be given at once");
            }
        }

        return grants;
    }

    /// <summary>Reads what was stored earlier: roles that are no more grant nothing.</summary>
    public IReadOnlyList<Grant> ParseKnown(IEnumerable<string> texts) =>
        [.. texts.Select(text => TryParse(text, out Grant? grant) ? grant : null).OfType<Grant>()];

    private bool TryParse(string text, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (!_roles.TryGetValue(colon < 0 ? text : text[..colon], out Role? role) || colon == text.Length - 1)
        {
            return false;
        }

        grant = new Grant(role.Name, role.Permissions, colon < 0 ? ModelPattern.All : ModelPattern.Parse(text[(colon + 1)..]));
        return true;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
