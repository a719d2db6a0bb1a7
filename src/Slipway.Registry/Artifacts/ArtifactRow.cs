using Slipway.Core;

namespace Slipway.Registry.Artifacts;

/// <summary>A row of <c>artifacts</c>, and of <c>manifest_files</c>.</summary>
internal sealed class ArtifactRow
{
    public string Path { get; set; } = "";

    public string Digest { get; set; } = "";

    public long Length { get; set; }

    /// <summary>The file, named relative to <paramref name="prefix"/>.</summary>
    public ArtifactFile ToFile(string prefix) => new(Path[prefix.Length..], Sha256Digest.Parse(Digest), Length);
}
