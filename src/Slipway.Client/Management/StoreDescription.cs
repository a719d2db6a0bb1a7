namespace Slipway.Client.Management;

/// <summary>A store of the registry, as a server sees it. While one is away, models that are loaded go on answering and nothing new is loaded.</summary>
/// <param name="Name"><c>database</c> or <c>object storage</c>.</param>
/// <param name="Available">Whether it answered when it was last asked.</param>
/// <param name="Since">Since when that is so.</param>
/// <param name="Problem">Why it is away; null when it is not.</param>
public sealed record StoreDescription(string Name, bool Available, DateTimeOffset Since, string? Problem);
