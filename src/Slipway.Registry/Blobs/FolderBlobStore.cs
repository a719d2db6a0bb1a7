using Microsoft.Win32.SafeHandles;
using Slipway.Core;

namespace Slipway.Registry.Blobs;

/// <summary>
/// Blobs in a folder: <c>aa/DIGEST</c> by the first two digits. A blob is written beside its place, synced, and renamed into it, so that it is there whole or not at all; its folder is
/// synced as well before it is reported. Links are never followed. Several processes may share the folder.
/// </summary>
public sealed class FolderBlobStore : ILocalBlobStore, ICollectableBlobs
{
    private readonly string _root;
    private readonly string _incoming;
    private readonly VerifiedBlobs _verified = new();

    /// <param name="root">Folder of the blobs; made when it is not there, for this user only.</param>
    public FolderBlobStore(string root)
    {
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, "incoming");
        FolderFiles.CreatePrivateFolder(_incoming);
    }

    /// <inheritdoc />
    public async Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        string partial = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            (Sha256Digest digest, long length) = await WriteAsync(partial, content, maxBytes, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();

            // Also over a blob that is there: the bytes are the same, or that one was damaged; and it is young again, so that collection spares it until somebody refers to it.
            BlobFiles.Do(() => Place(partial, PathOf(digest)));
            DateTimeOffset stored = BlobFiles.Do(() => StoredAt(PathOf(digest)));

            // These very bytes were hashed: whoever looks into the file next need not begin by reading it whole.
            _verified.Add(digest, length, stored.UtcDateTime);
            return new BlobInfo(digest, length, stored);
        }
        finally
        {
            BlobFiles.Do(() => File.Delete(partial));
        }
    }

    /// <inheritdoc />
    public Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        string path = PathOf(digest);
        FileInfo file = new(path);
        if (!IsBlob(file))
        {
            throw new SlipwayException(ErrorCode.NotFound, $"there is no blob {digest}");
        }

        Stream stream = BlobFiles.Do(() => new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        }));
        return Task.FromResult<Stream>(new VerifyingStream(stream, digest, _verified, file.LastWriteTimeUtc));
    }

    /// <inheritdoc/>
    public Task<SafeFileHandle?> OpenFileAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        string path = PathOf(digest);
        return IsBlob(new FileInfo(path))
            ? Task.FromResult<SafeFileHandle?>(BlobFiles.Do(() => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)))
            : throw new SlipwayException(ErrorCode.NotFound, $"there is no blob {digest}");
    }

    /// <inheritdoc />
    public Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(digest));
        return Task.FromResult<long?>(IsBlob(file) ? file.Length : null);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobInfo> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (string shard in Directory.EnumerateDirectories(_root, "??"))
        {
            foreach (FileInfo file in new DirectoryInfo(shard).EnumerateFiles())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Sha256Digest.TryParse(file.Name, out Sha256Digest digest) && PathOf(digest) == file.FullName && IsBlob(file))
                {
                    yield return new BlobInfo(digest, file.Length, file.LastWriteTimeUtc);
                }
            }
        }
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        string path = PathOf(digest);
        if (!File.Exists(path))
        {
            return Task.FromResult(false);
        }

        BlobFiles.Do(() => File.Delete(path));
        return Task.FromResult(true);
    }

    /// <inheritdoc />
    public Task<DateTimeOffset?> GetStoredAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(IsBlob(new FileInfo(PathOf(digest))) ? StoredAt(PathOf(digest)) : null);

    /// <inheritdoc />
    public Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (FileInfo file in new DirectoryInfo(_incoming).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < before.UtcDateTime)
            {
                BlobFiles.Do(file.Delete);
                removed++;
            }
        }

        return Task.FromResult(removed);
    }

    private string PathOf(Sha256Digest digest)
    {
        string name = digest.ToString();
        return name.Length > 0 ? Path.Combine(_root, name[..2], name) : throw new ArgumentException("no digest", nameof(digest));
    }

    private static bool IsBlob(FileInfo file) => file.Exists && !file.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static DateTimeOffset StoredAt(string path) => new(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);

    private static void Place(string partial, string path)
    {
        string shard = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(shard))
        {
            FolderFiles.CreatePrivateFolder(shard);
            FolderFiles.Sync(Path.GetDirectoryName(shard)!);
        }

        File.Move(partial, path, overwrite: true);
        FolderFiles.Sync(shard);
    }

    private static async Task<(Sha256Digest Digest, long Length)> WriteAsync(string path, Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = BlobFiles.Do(() => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None));
        return await new BlobPipeline(file, cancellationToken).TakeAsync(content, maxBytes);
    }
}
