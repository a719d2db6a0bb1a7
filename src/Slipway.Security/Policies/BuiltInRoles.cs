using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>The roles that every server has; docs/security.md shows them as a table.</summary>
public static class BuiltInRoles
{
    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    private static readonly PermissionSet Seeing = PermissionSet.Of(Permission.ReadModels, Permission.ReadRegistry, Permission.ReadMonitoring);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Role> All { get; } =
    [
        new("viewer", Seeing),
        new("predictor", PermissionSet.Of(Permission.Infer, Permission.ReadModels)),
        new("contributor", Seeing.Union(PermissionSet.Of(Permission.WriteRegistry, Permission.WriteLabels))),
        new("deployer", Seeing.Union(PermissionSet.Of(Permission.DeployModels, Permission.ManageModels))),
        new("approver", Seeing.Union(PermissionSet.Of(Permission.ApproveVersions, Permission.ReadAudit))),
        new("operator", Seeing.Union(PermissionSet.Of(
            Permission.DeployModels, Permission.ManageModels, Permission.ReadMetrics, Permission.ReadServer, Permission.ManageServer, Permission.ManageMonitoring, Permission.ManageData))),
        new(Admin, PermissionSet.All),
    ];
}
