using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>Envelopes as files <c>ab/DIGEST.json</c> below a folder; each is written beside its place, flushed, and moved there.</summary>
/// <param name="folder">The folder; made when it is needed.</param>
public sealed class FolderEnvelopeStore(string folder) : IEnvelopeStore
{
    private const string Ending = ".json";
    private const string UnfinishedEnding = ".new";
    private const long MaxBytes = 1 << 16;

    /// <inheritdoc/>
    public async ValueTask<BlobEnvelope?> FindAsync(Sha256Digest content, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(content));
        return !file.Exists ? null
            : file.Length <= MaxBytes ? BlobEnvelope.FromJson(await File.ReadAllBytesAsync(file.FullName, cancellationToken), content)
            : throw BlobEnvelope.Damaged(content, null);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryAddAsync(BlobEnvelope envelope, CancellationToken cancellationToken) => WriteAsync(envelope, overwrite: false, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask ReplaceAsync(BlobEnvelope envelope, CancellationToken cancellationToken) => await WriteAsync(envelope, overwrite: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(Sha256Digest content, CancellationToken cancellationToken)
    {
        string path = PathOf(content);
        bool existed = File.Exists(path);
        File.Delete(path);
        return ValueTask.FromResult(existed);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> GetWrittenAsync(Sha256Digest content, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(content));
        return ValueTask.FromResult<DateTimeOffset?>(file.Exists ? file.LastWriteTimeUtc : null);
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        FileInfo[] left = Directory.Exists(folder)
            ? [.. new DirectoryInfo(folder).EnumerateFiles("*" + UnfinishedEnding, SearchOption.AllDirectories).Where(file => file.LastWriteTimeUtc < before.UtcDateTime)]
            : [];
        foreach (FileInfo file in left)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Delete();
        }

        return ValueTask.FromResult(left.Length);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Sha256Digest> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (string path in Directory.EnumerateFiles(folder, "*" + Ending, SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Sha256Digest.TryParse(Path.GetFileNameWithoutExtension(path), out Sha256Digest content))
            {
                yield return content;
            }
        }

        await ValueTask.CompletedTask;
    }

    private string PathOf(Sha256Digest content) => Path.Combine(folder, content.ToString()[..2], content + Ending);

    private async ValueTask<bool> WriteAsync(BlobEnvelope envelope, bool overwrite, CancellationToken cancellationToken)
    {
        string path = PathOf(envelope.Content);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = $"{path}.{Guid.NewGuid():N}{UnfinishedEnding}";
        try
        {
            await using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                await file.WriteAsync(envelope.ToJson(), cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
