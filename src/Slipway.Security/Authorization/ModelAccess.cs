using Slipway.Core;
using Slipway.Security.Auditing;
using Slipway.Security.Identity;

namespace Slipway.Security.Authorization;

/// <summary>
/// Checks names of models against what the request in hand was let in for. Work without a request is the server's own and may do everything.
/// </summary>
public sealed class ModelAccess(DeniedAttempts denied)
{
    /// <summary>Whether the caller may see a model, by the permission that its request was let in with.</summary>
    public static bool IsVisible(string model) => RequestAccess.Current is not { } access || access.Caller.May(Seeing(access), model);

    /// <summary>Checks that the caller may see a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>, <see cref="ErrorCode.Unauthenticated"/>.</exception>
    public static void RequireVisible(string model)
    {
        if (!IsVisible(model))
        {
            RequestAccess access = RequestAccess.Current!;
            throw AccessFailures.NotAllowed(access.Caller, Seeing(access), model);
        }
    }

    /// <summary>Checks that the caller may do something with a model; keeps the attempt in the audit log when it may not.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>, <see cref="ErrorCode.Unauthenticated"/>.</exception>
    public ValueTask RequireAsync(Permission permission, string model) =>
        RequestAccess.Current is not { } access || access.Caller.May(permission, model) ? ValueTask.CompletedTask : RefuseAsync(access, permission, model);

    /// <summary>Checks that the caller may do something with every model there is or may be.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>, <see cref="ErrorCode.Unauthenticated"/>.</exception>
    public ValueTask RequireForAllAsync(Permission permission) =>
        RequestAccess.Current is not { } access || access.Caller.MayEverywhere(permission) ? ValueTask.CompletedTask : RefuseAsync(access, permission, "*");

    private async ValueTask RefuseAsync(RequestAccess access, Permission permission, string model)
    {
        SlipwayException failure = AccessFailures.NotAllowed(access.Caller, permission, model);
        await denied.RecordAsync(
            access.Caller.Name, AccessActions.Denied, new AuditSubject("model", model), failure.Message, access.Http.Connection.RemoteIpAddress?.ToString());
        throw failure;
    }

    // A health check of a model comes in for nothing; it shows what reading models would.
    private static Permission Seeing(RequestAccess access) => access.Permission == Permission.None ? Permission.ReadModels : access.Permission;
}
