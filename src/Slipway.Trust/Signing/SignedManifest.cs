namespace Slipway.Trust.Signing;

/// <summary>What a signature says of a model: its files and their digests (OpenSSF Model Signing v1.0, section 5). Immutable.</summary>
/// <param name="ModelName">Name that the signer gave the model; informational, it decides nothing.</param>
/// <param name="RootDigest">SHA-256 over the digests of the resources in their order, lower-case hex.</param>
/// <param name="Resources">Files, or shards of files, in the order in which they were listed.</param>
public sealed record SignedManifest(string ModelName, string RootDigest, IReadOnlyList<ManifestResource> Resources)
{
    /// <summary>The default exclusions of the specification: entries at the top of a model that version control keeps there.</summary>
    public static IReadOnlyList<string> DefaultIgnores { get; } = [".git", ".gitattributes", ".github", ".gitignore"];

    /// <summary>Bytes in a shard; null when whole files were hashed.</summary>
    public long? ShardSize { get; init; }

    /// <summary>Whether the signer followed symbolic links. They are not followed here.</summary>
    public bool AllowSymlinks { get; init; }

    /// <summary>Paths that the signer left out, relative to the model; a path stands for all below it.</summary>
    public IReadOnlyList<string> IgnorePaths { get; init; } = [];

    /// <summary>Names of the files that the manifest speaks for, each once.</summary>
    public IEnumerable<string> FileNames => Resources.Select(static resource => resource.Path).Distinct(StringComparer.Ordinal);
}

/// <summary>A file of a manifest, or a part of one.</summary>
/// <param name="Path">Relative name of the file.</param>
/// <param name="Sha256">Digest of the bytes, lower-case hex.</param>
public readonly record struct ManifestResource(string Path, string Sha256)
{
    /// <summary>First byte.</summary>
    public long Start { get; init; }

    /// <summary>Byte behind the last; null: the file's end, wherever it is.</summary>
    public long? End { get; init; }
}
