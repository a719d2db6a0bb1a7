namespace Slipway.Security.Policies;

/// <summary>A name for permissions that go together.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens.</param>
/// <param name="Permissions">What it allows.</param>
public sealed record Role(string Name, PermissionSet Permissions);
