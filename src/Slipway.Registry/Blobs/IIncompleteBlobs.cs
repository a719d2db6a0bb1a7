namespace Slipway.Registry.Blobs;

/// <summary>A blob store that may be left with parts of blobs when a writer was killed; they are no blobs and are never seen as such.</summary>
public interface IIncompleteBlobs
{
    /// <summary>Removes parts that were last written before <paramref name="before"/>; returns how many.</summary>
    Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
