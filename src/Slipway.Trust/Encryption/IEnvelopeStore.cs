using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>Where key envelopes are kept, by the digest of the content. Small, and needed to read anything: to be backed up with the blobs. Thread-safe.</summary>
public interface IEnvelopeStore
{
    /// <summary>The envelope of a content; null when there is none.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.Internal"/>: it is damaged.</exception>
    ValueTask<BlobEnvelope?> FindAsync(Sha256Digest content, CancellationToken cancellationToken);

    /// <summary>Keeps an envelope where there is none for its content; durable when the task has completed.</summary>
    /// <returns>False when there was one, which stays.</returns>
    ValueTask<bool> TryAddAsync(BlobEnvelope envelope, CancellationToken cancellationToken);

    /// <summary>Puts an envelope in the place of the one for the same content, whole or not at all.</summary>
    ValueTask ReplaceAsync(BlobEnvelope envelope, CancellationToken cancellationToken);

    /// <summary>Removes an envelope; false when there was none.</summary>
    ValueTask<bool> DeleteAsync(Sha256Digest content, CancellationToken cancellationToken);

    /// <summary>When the envelope of a content was last written; null when there is none.</summary>
    ValueTask<DateTimeOffset?> GetWrittenAsync(Sha256Digest content, CancellationToken cancellationToken);

    /// <summary>Removes what killed writers left, last written before <paramref name="before"/>, and says how many there were.</summary>
    ValueTask<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Digests of all contents that have one, in any order.</summary>
    IAsyncEnumerable<Sha256Digest> ListAsync(CancellationToken cancellationToken);
}
