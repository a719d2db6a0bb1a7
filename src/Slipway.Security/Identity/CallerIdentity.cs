using System.Security.Claims;
using Slipway.Core;
using Slipway.Security.Policies;

namespace Slipway.Security.Identity;

/// <summary>Somebody who calls, and what that caller may do. Immutable, so that it can be kept and shared by many requests.</summary>
public sealed class CallerIdentity
{
    private readonly Grant[] _grants;

    /// <summary>A caller.</summary>
    /// <param name="name">Unique name, with its kind in front: <c>key/ci</c>, <c>user/alice</c>, <c>cert/CN=edge-7</c>.</param>
    /// <param name="kind">How it was authenticated.</param>
    /// <param name="grants">What it may do.</param>
    /// <param name="claims">What its token says besides; null: nothing.</param>
    public CallerIdentity(string name, CallerKind kind, IEnumerable<Grant> grants, IEnumerable<Claim>? claims = null)
    {
        Name = name;
        Kind = kind;
        _grants = [.. grants];
        Principal = new ClaimsPrincipal(
            kind == CallerKind.Anonymous ? new ClaimsIdentity() : new ClaimsIdentity([new Claim(ClaimTypes.Name, name), .. claims ?? []], "slipway"));
    }

    /// <summary>Nobody in particular, who may do nothing.</summary>
    public static CallerIdentity Anonymous { get; } = new(AuditEvent.AnonymousActor, CallerKind.Anonymous, []);

    /// <summary>Unique name, with its kind in front.</summary>
    public string Name { get; }

    /// <summary>How it was authenticated.</summary>
    public CallerKind Kind { get; }

    /// <summary>What it may do.</summary>
    public IReadOnlyList<Grant> Grants => _grants;

    /// <summary>The same caller as ASP.NET knows callers.</summary>
    public ClaimsPrincipal Principal { get; }

    /// <summary>Whether it may do something at all: for one model at least, or for all where the permission is not given per model.</summary>
    /// <param name="permission">The permission.</param>
    /// <param name="isChecked">Whether names are checked where the work is done, see <see cref="CheckedByName"/>.</param>
    public bool May(Permission permission, bool isChecked = false)
    {
        bool perModel = PermissionScopes.IsPerModel(permission, isChecked);
        foreach (Grant grant in _grants)
        {
            if (grant.Permissions.Contains(permission) && (perModel || grant.Models.IsAll))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it may do something with one model.</summary>
    public bool May(Permission permission, ReadOnlySpan<char> model)
    {
        foreach (Grant grant in _grants)
        {
            if (grant.Allows(permission, model))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it may do something with every model.</summary>
    public bool MayEverywhere(Permission permission)
    {
        foreach (Grant grant in _grants)
        {
            if (grant.Models.IsAll && grant.Permissions.Contains(permission))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it may do everything that <paramref name="other"/> allows, so that it can hand it on.</summary>
    public bool Covers(Grant other) => other.Permissions.Members.All(
        permission => _grants.Any(grant => grant.Permissions.Contains(permission) && grant.Models.Covers(other.Models)));
}
