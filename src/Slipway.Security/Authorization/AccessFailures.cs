using System.Text.Json;
using Slipway.Core;
using Slipway.Security.Identity;
using Slipway.Security.Policies;

namespace Slipway.Security.Authorization;

/// <summary>Words for callers who may not do what they ask for.</summary>
internal static class AccessFailures
{
    /// <summary>A route says nothing of what it needs.</summary>
    public static SlipwayException Undeclared() => new(ErrorCode.PermissionDenied, "the route declares no permission, so that nobody may use it");

    /// <summary>There are no credentials, or they open nothing.</summary>
    public static SlipwayException Unauthenticated(string? refusal) => new(
        ErrorCode.Unauthenticated, refusal ?? "no credentials were given: send 'Authorization: Bearer TOKEN' with an API key or a token of the identity provider");

    /// <summary>The caller lacks a permission altogether, or has it for some models where it is not given per model.</summary>
    public static SlipwayException NotAllowed(CallerIdentity caller, Permission permission, bool isChecked) => new(
        ErrorCode.PermissionDenied,
        $"{caller.Name} lacks the permission {NameOf(permission)}{(PermissionScopes.IsPerModel(permission, isChecked) ? "" : " for all models")}");

    /// <summary>The caller lacks a permission for one model; said whether the model exists or not.</summary>
    public static SlipwayException NotAllowed(CallerIdentity caller, Permission permission, string model) => caller.Kind == CallerKind.Anonymous
        ? new SlipwayException(ErrorCode.Unauthenticated, $"credentials are needed to ask about '{model}'")
        : new SlipwayException(ErrorCode.PermissionDenied, $"{caller.Name} lacks the permission {NameOf(permission)} for '{model}'");

    private static string NameOf(Permission permission) => JsonNamingPolicy.CamelCase.ConvertName(permission.ToString());
}
