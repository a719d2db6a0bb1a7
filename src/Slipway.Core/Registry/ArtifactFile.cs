namespace Slipway.Core;

/// <summary>One file of a version or of a run's artifacts, by content.</summary>
/// <param name="Path">Relative name with <c>/</c> between folders; see <see cref="ArtifactPath"/>.</param>
/// <param name="Digest">Digest of the content; names the blob.</param>
/// <param name="Length">Size in bytes.</param>
public sealed record ArtifactFile(string Path, Sha256Digest Digest, long Length);
