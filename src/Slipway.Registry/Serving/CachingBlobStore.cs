using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Registry.Blobs;
using Slipway.Registry.Database;

namespace Slipway.Registry.Serving;

/// <summary>
/// A remote blob store with a cache on this machine: what was read once is read from here the next time, also while the remote store is away. What was not used for longest goes first.
/// Thread-safe.
/// </summary>
/// <param name="remote">Where content is kept.</param>
/// <param name="local">The cache; a store of this server alone.</param>
/// <param name="maxBytes">Most bytes of the cache; a blob that is larger alone is kept until the next one comes.</param>
/// <param name="availability">Told whether the remote store answers.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where faults of the cache are told: they cost time, not answers.</param>
public sealed partial class CachingBlobStore(
    IBlobStore remote, IBlobStore local, long maxBytes, StoreAvailability availability, TimeProvider time, ILogger<CachingBlobStore> logger) : ILocalBlobStore, ICollectableBlobs, IDisposable
{
    // Between the filling and the opening somebody else's blob may have pushed this one out again.
    private const int Attempts = 3;

    private readonly ConcurrentDictionary<Sha256Digest, DateTimeOffset> _used = new();
    private readonly SemaphoreSlim _filling = new(1, 1);

    /// <summary>How the remote store is.</summary>
    public StoreAvailability Remote { get; } = availability;

    /// <inheritdoc/>
    public Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken) =>
        AskAsync(() => remote.PutAsync(content, maxBytes, cancellationToken));

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        FilledAsync(digest, () => local.OpenReadAsync(digest, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<SafeFileHandle?> OpenFileAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        local is ILocalBlobStore files ? await FilledAsync(digest, () => files.OpenFileAsync(digest, cancellationToken), cancellationToken) : null;

    /// <inheritdoc/>
    public Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken) => AskAsync(() => remote.GetLengthAsync(digest, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<BlobInfo> ListAsync(CancellationToken cancellationToken) => remote.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        await local.DeleteAsync(digest, cancellationToken);
        return await AskAsync(() => remote.DeleteAsync(digest, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> GetStoredAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        remote is ICollectableBlobs collectable ? AskAsync(() => collectable.GetStoredAsync(digest, cancellationToken)) : Task.FromResult<DateTimeOffset?>(DateTimeOffset.MinValue);

    /// <inheritdoc/>
    public async Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        int removed = local is ICollectableBlobs cache ? await cache.RemoveIncompleteAsync(before, cancellationToken) : 0;
        return remote is ICollectableBlobs collectable ? removed + await AskAsync(() => collectable.RemoveIncompleteAsync(before, cancellationToken)) : removed;
    }

    /// <inheritdoc/>
    public void Dispose() => _filling.Dispose();

    // Whatever the remote store answers, it is there; only that it can't be reached says otherwise.
    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            T answer = await ask();
            Remote.Here();
            return answer;
        }
        catch (SlipwayException fault) when (fault.Code == ErrorCode.StoreUnavailable)
        {
            Remote.Away(fault);
            throw;
        }
    }

    private async Task<T> FilledAsync<T>(Sha256Digest digest, Func<Task<T>> open, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await FillAsync(digest, cancellationToken);
            try
            {
                return await open();
            }
            catch (SlipwayException fault) when (fault.Code == ErrorCode.NotFound && attempt < Attempts)
            {
            }
        }
    }

    private async Task FillAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        _used[digest] = time.GetUtcNow();
        if (await local.GetLengthAsync(digest, cancellationToken) is not null)
        {
            return;
        }

        await _filling.WaitAsync(cancellationToken);
        try
        {
            BlobInfo kept = await AskAsync(async () =>
            {
                await using Stream content = await remote.OpenReadAsync(digest, cancellationToken);
                return await local.PutAsync(content, long.MaxValue, cancellationToken);
            });
            if (kept.Digest != digest)
            {
                await local.DeleteAsync(kept.Digest, cancellationToken);
                throw new SlipwayException(ErrorCode.Internal, $"blob {digest} is damaged: its content has the digest {kept.Digest}");
            }

            await TidyAsync(digest, cancellationToken);
        }
        finally
        {
            _filling.Release();
        }
    }

    private async Task TidyAsync(Sha256Digest newest, CancellationToken cancellationToken)
    {
        try
        {
            List<BlobInfo> blobs = [];
            await foreach (BlobInfo blob in local.ListAsync(cancellationToken))
            {
                blobs.Add(blob);
            }

            long total = blobs.Sum(static blob => blob.Length);
            foreach (BlobInfo blob in blobs.Where(blob => blob.Digest != newest).OrderBy(LastUse))
            {
                if (total <= maxBytes)
                {
                    return;
                }

                if (await local.DeleteAsync(blob.Digest, cancellationToken))
                {
                    total -= blob.Length;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SlipwayException)
        {
            LogUntidy(logger, fault);
        }
    }

    private DateTimeOffset LastUse(BlobInfo blob) => _used.TryGetValue(blob.Digest, out DateTimeOffset used) ? used : blob.Stored ?? DateTimeOffset.MinValue;

    [LoggerMessage(6110, LogLevel.Warning, "The cache of remote content could not be tidied")]
    private static partial void LogUntidy(ILogger logger, Exception exception);
}
