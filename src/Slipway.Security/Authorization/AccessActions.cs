namespace Slipway.Security.Authorization;

/// <summary>Names of audited actions of the door; they are stored, so they never change.</summary>
internal static class AccessActions
{
    /// <summary>The caller is known and may not.</summary>
    public const string Denied = "access.denied";

    /// <summary>The caller is not known.</summary>
    public const string Unauthenticated = "access.unauthenticated";
}
