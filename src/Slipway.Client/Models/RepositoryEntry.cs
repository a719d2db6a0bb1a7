namespace Slipway.Client.Models;

/// <summary>One version in a server's repository.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Version">Number of the version; null when the model was never loaded.</param>
/// <param name="State"><c>READY</c>, <c>UNAVAILABLE</c>, <c>LOADING</c>, <c>UNLOADING</c> or <c>UNKNOWN</c>; null when it was never loaded.</param>
/// <param name="Reason">Why it is in that state; null when there is nothing to say.</param>
public sealed record RepositoryEntry(string Name, string? Version, string? State, string? Reason);
