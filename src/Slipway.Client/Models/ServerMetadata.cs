namespace Slipway.Client.Models;

/// <summary>What a server says of itself.</summary>
/// <param name="Name">Name of the program.</param>
/// <param name="Version">Its version.</param>
/// <param name="Extensions">Protocol extensions that it speaks.</param>
public sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
