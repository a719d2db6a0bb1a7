namespace Slipway.Core;

/// <summary>What collection can ask of a blob store besides, where it knows.</summary>
public interface ICollectableBlobs
{
    /// <summary>When a blob was last stored; null when there is none.</summary>
    Task<DateTimeOffset?> GetStoredAsync(Sha256Digest digest, CancellationToken cancellationToken);

    /// <summary>Removes parts that killed writers left and that were last written before <paramref name="before"/>; they are no blobs and are never seen as such. Returns how many.</summary>
    Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
