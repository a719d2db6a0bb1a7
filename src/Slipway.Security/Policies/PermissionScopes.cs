using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>
/// Which permissions are given per model. Those whose model's name is checked wherever they are asked for are so always, those of the registry, of traffic and of labels on routes that say that they check
/// (<see cref="CheckedByName"/>); any other needs a grant for all models, so that a part that forgets to check narrows nothing by mistake.
/// </summary>
public static class PermissionScopes
{
    private static readonly PermissionSet PerModel = PermissionSet.Of(Permission.Infer, Permission.ReadModels, Permission.ManageModels);

    private static readonly PermissionSet WhereChecked = PermissionSet.Of(
        Permission.ReadRegistry, Permission.WriteRegistry, Permission.DeleteRegistry, Permission.DeployModels, Permission.ApproveVersions,
        Permission.WriteLabels);

    /// <summary>Whether a grant for some models is enough to pass the door; the rest is checked by name.</summary>
    /// <param name="permission">The permission.</param>
    /// <param name="isChecked">Whether the route says that it checks names.</param>
    public static bool IsPerModel(Permission permission, bool isChecked) => PerModel.Contains(permission) || (isChecked && WhereChecked.Contains(permission));
}
