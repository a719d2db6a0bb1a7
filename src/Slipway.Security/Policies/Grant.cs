using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>A role that somebody has, for the models of a pattern. Permissions that concern no model come only with a grant for all models.</summary>
/// <param name="Role">Name of the role.</param>
/// <param name="Permissions">What the role allows.</param>
/// <param name="Models">Which models.</param>
public sealed record Grant(string Role, PermissionSet Permissions, ModelPattern Models)
{
    /// <summary>Whether it allows something for one model.</summary>
    public bool Allows(Permission permission, ReadOnlySpan<char> model) => Permissions.Contains(permission) && Models.Matches(model);

    /// <summary>As it is written: <c>ROLE</c> or <c>ROLE:PATTERN</c>.</summary>
    public override string ToString() => Models.IsAll ? Role : $"{Role}:{Models}";
}
