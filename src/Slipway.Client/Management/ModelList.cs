namespace Slipway.Client.Management;

/// <summary>Models of a server.</summary>
/// <param name="Models">By name, ordinal order.</param>
public sealed record ModelList(IReadOnlyList<ModelDescription> Models);
