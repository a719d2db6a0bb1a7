using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>
/// Which permissions are given per model. Only those whose model's name is checked where the work is done are here; any other needs a grant for all models, so that
/// a part that forgets to check narrows nothing by mistake.
/// </summary>
public static class PermissionScopes
{
    private static readonly PermissionSet PerModel = PermissionSet.Of(Permission.Infer, Permission.ReadModels, Permission.ManageModels);

    /// <summary>Whether a grant for some models is enough to pass the door; the rest is checked by name.</summary>
    public static bool IsPerModel(Permission permission) => PerModel.Contains(permission);
}
