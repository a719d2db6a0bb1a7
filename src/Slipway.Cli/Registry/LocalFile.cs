namespace Slipway.Cli.Registry;

/// <summary>A file of this machine that is to be a file of a version.</summary>
/// <param name="Name">Name within the version, <c>/</c> between folders.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Size in bytes.</param>
internal sealed record LocalFile(string Name, string Path, long Length);
