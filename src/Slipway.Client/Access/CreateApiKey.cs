namespace Slipway.Client.Access;

/// <summary>Asks for a new API key.</summary>
/// <param name="Name">What it is for: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
/// <param name="Roles">What it may do: <c>ROLE</c> or <c>ROLE:PATTERN</c>, at least one.</param>
/// <param name="Expires">From when it is of no use; null: never.</param>
public sealed record CreateApiKey(string Name, IReadOnlyList<string> Roles, DateTimeOffset? Expires = null);
