using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Registry.Blobs;

namespace Slipway.Registry.Serving;

/// <summary>The files of a version of the registry, held to the digest that it was published with. Immutable.</summary>
public sealed class RegistryModelArtifact : ModelArtifact
{
    private readonly IBlobStore _blobs;
    private readonly Dictionary<string, ArtifactFile> _files;

    /// <summary>The files of <paramref name="manifest"/>, whose content is in <paramref name="blobs"/>.</summary>
    /// <param name="manifest">The files.</param>
    /// <param name="blobs">Their content.</param>
    /// <param name="mainFile">The model's file; null: found by its name.</param>
    public RegistryModelArtifact(ModelManifest manifest, IBlobStore blobs, string? mainFile = null)
    {
        _blobs = blobs;
        MainFile = mainFile;
        _files = manifest.Files.ToDictionary(static file => file.Path, StringComparer.Ordinal);
        Manifest = manifest;
        ExpectedDigest = manifest.Digest.ToString();
        ChangeToken = mainFile is null ? ExpectedDigest : $"{ExpectedDigest} {mainFile}";
        Files = [.. manifest.Files.Select(static file => new ModelFile(file.Path, file.Length))];
    }

    /// <summary>What the version was published with.</summary>
    public ModelManifest Manifest { get; }

    /// <inheritdoc/>
    public override string ChangeToken { get; }

    /// <inheritdoc/>
    public override string ExpectedDigest { get; }

    /// <inheritdoc/>
    public override string? MainFile { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelFile> Files { get; }

    /// <summary>The same files with another main one.</summary>
    public RegistryModelArtifact WithMainFile(string? mainFile) => mainFile == MainFile ? this : new RegistryModelArtifact(Manifest, _blobs, mainFile);

    /// <inheritdoc/>
    public override IReadOnlyList<ModelFile> ListEverything() => Signature is { } signature ? [.. Files.Where(file => file.Name != signature)] : Files;

    /// <inheritdoc/>
    public override Stream? OpenSignature() => Signature is { } signature ? OpenRead(signature) : null;

    // As on disk: model.sig beside the files, or NAME.ext.sig beside a single file. It is published with them, and so one of the files that the digest is of.
    private string? Signature => _files.ContainsKey("model.sig")
        ? "model.sig"
        : _files.Keys.SingleOrDefault(name => name.EndsWith(".sig", StringComparison.Ordinal) && _files.ContainsKey(name[..^4]) && _files.Count == 2);

    /// <inheritdoc/>
    public override Stream OpenRead(string name) => Open(name, static (blobs, digest) => blobs.OpenReadAsync(digest, CancellationToken.None));

    /// <inheritdoc/>
    public override SafeFileHandle? OpenFile(string name) => _blobs is ILocalBlobStore local
        ? Open(name, (_, digest) => local.OpenFileAsync(digest, CancellationToken.None))
        : null;

    // Versions are read on the threads of the load lane, whose reading is synchronous. The store is asked on a pool thread: what it awaits must not come back to the one that waits here.
    // How long that takes is bounded by the stores themselves, which give up on an answer that does not come (S3 and key services have time limits of their own).
    private T Open<T>(string name, Func<IBlobStore, Sha256Digest, Task<T>> open)
    {
        if (!_files.TryGetValue(name, out ArtifactFile? file))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no file '{name}'");
        }

        try
        {
            return Task.Run(() => open(_blobs, file.Digest)).GetAwaiter().GetResult();
        }
        catch (SlipwayException fault) when (fault.Code == ErrorCode.NotFound)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}': its content {file.Digest} is gone from the store", fault);
        }
    }
}
