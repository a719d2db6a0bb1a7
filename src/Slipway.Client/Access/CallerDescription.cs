namespace Slipway.Client.Access;

/// <summary>Who the server takes a caller for.</summary>
/// <param name="Name">Name of the caller, with its kind in front.</param>
/// <param name="Kind"><c>key</c>, <c>token</c>, <c>certificate</c> or <c>anonymous</c>.</param>
/// <param name="Roles">What it may do: <c>ROLE</c> or <c>ROLE:PATTERN</c>.</param>
public sealed record CallerDescription(string Name, string Kind, IReadOnlyList<string> Roles);
