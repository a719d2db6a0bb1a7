namespace Slipway.Core;

/// <summary>A request run before a version is ready.</summary>
/// <param name="Name">Name for logs and errors.</param>
/// <param name="Inputs">Inputs, by name.</param>
/// <param name="Count">How often it is run; 1 or more.</param>
public sealed record WarmupRequest(string Name, IReadOnlyList<WarmupInput> Inputs, int Count = 1);
