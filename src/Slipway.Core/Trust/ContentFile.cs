namespace Slipway.Core;

/// <summary>A file of a version, wherever it is kept: a folder, a registry, a request that is being received.</summary>
/// <param name="Name">Relative name, <c>/</c> between folders.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="Open">Opens it for reading from its start; the stream is the caller's.</param>
public sealed record ContentFile(string Name, long Length, Func<Stream> Open);
