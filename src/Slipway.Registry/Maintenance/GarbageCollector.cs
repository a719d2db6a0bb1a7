using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Options;

namespace Slipway.Registry.Maintenance;

/// <summary>
/// Removes blobs that nothing refers to and that are older than the grace period, and what killed writers left. Each portion is deleted in a transaction that no publishing runs beside,
/// after its references were counted in it; killed at any point, it has removed only what nothing referred to. Thread-safe, beside a running server as well.
/// </summary>
public sealed class GarbageCollector
{
    private const int BlobsOfTransaction = 100;

    private readonly RegistryStore _store;
    private readonly IBlobStore _blobs;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _clock;

    internal GarbageCollector(RegistryStore store, IBlobStore blobs, RegistryOptions options, TimeProvider clock)
    {
        _store = store;
        _blobs = blobs;
        _options = options;
        _clock = clock;
    }

    /// <summary>Collects.</summary>
    /// <param name="dryRun">Only says what would be removed.</param>
    /// <param name="cancellationToken">Stops between portions.</param>
    public async Task<CollectionReport> CollectAsync(bool dryRun, CancellationToken cancellationToken)
    {
        DateTimeOffset before = _clock.GetUtcNow() - _options.CollectionGrace;
        CollectionReport report = new(0, 0, 0, 0);
        List<BlobInfo> old = [];
        await foreach (BlobInfo blob in _blobs.ListAsync(cancellationToken))
        {
            report = report with { Examined = report.Examined + 1 };

            // Of unknown age is as good as young.
            if (blob.Stored is { } stored && stored < before)
            {
                old.Add(blob);
            }

            if (old.Count == BlobsOfTransaction)
            {
                report += await CollectAsync(old, before, dryRun, cancellationToken);
                old.Clear();
            }
        }

        report += await CollectAsync(old, before, dryRun, cancellationToken);
        if (!dryRun && _blobs is ICollectableBlobs collectable)
        {
            report = report with { Incomplete = await collectable.RemoveIncompleteAsync(before, cancellationToken) };
        }

        return report;
    }

    private async Task<CollectionReport> CollectAsync(List<BlobInfo> blobs, DateTimeOffset before, bool dryRun, CancellationToken cancellationToken)
    {
        string[] digests = [.. blobs.Select(static blob => blob.Digest.ToString())];

        // A look without a lock first: most blobs are referred to, and need none.
        HashSet<string> referred = await _store.ReadAsync(session => BlobReferences.AmongAsync(session, digests), cancellationToken);
        BlobInfo[] candidates = [.. blobs.Where(blob => !referred.Contains(blob.Digest.ToString()))];
        if (candidates.Length == 0 || dryRun)
        {
            return new CollectionReport(0, candidates.Length, candidates.Sum(static blob => blob.Length), 0);
        }

        return await _store.WriteAsync(WriteScope.Registry, async session =>
        {
            HashSet<string> stillReferred = await BlobReferences.AmongAsync(session, [.. candidates.Select(static blob => blob.Digest.ToString())]);
            CollectionReport removed = new(0, 0, 0, 0);
            foreach (BlobInfo blob in candidates.Where(blob => !stillReferred.Contains(blob.Digest.ToString())))
            {
                // Somebody may have stored the same content again since it was listed, and is about to refer to it.
                bool isOld = _blobs is not ICollectableBlobs collectable || await collectable.GetStoredAsync(blob.Digest, cancellationToken) < before;
                if (isOld && await _blobs.DeleteAsync(blob.Digest, cancellationToken))
                {
                    removed += new CollectionReport(0, 1, blob.Length, 0);
                }
            }

            return removed;
        }, cancellationToken);
    }
}

/// <summary>What a collection did.</summary>
/// <param name="Examined">Blobs looked at.</param>
/// <param name="Removed">Blobs removed, or that would be.</param>
/// <param name="RemovedBytes">Their size.</param>
/// <param name="Incomplete">Parts of blobs removed that killed writers left.</param>
public sealed record CollectionReport(long Examined, long Removed, long RemovedBytes, long Incomplete)
{
    /// <summary>Both together.</summary>
    public static CollectionReport operator +(CollectionReport left, CollectionReport right) => new(
        left.Examined + right.Examined, left.Removed + right.Removed, left.RemovedBytes + right.RemovedBytes, left.Incomplete + right.Incomplete);

    /// <summary>Both together.</summary>
    public static CollectionReport Add(CollectionReport left, CollectionReport right) => left + right;
}
