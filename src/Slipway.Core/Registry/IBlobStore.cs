namespace Slipway.Core;

/// <summary>
/// Content by digest, written once and never changed. A folder, S3-compatible storage; encryption wraps another store. Thread-safe, also between processes: two writers of the same
/// content both succeed and one copy is kept. A blob is there whole or not at all, whatever happens in between.
/// </summary>
public interface IBlobStore
{
    /// <summary>Reads <paramref name="content"/> to its end, keeps it, and returns its digest and size when it is durable.</summary>
    /// <param name="content">Read once from where it stands; stays the caller's.</param>
    /// <param name="maxBytes">Refuses more than this.</param>
    /// <param name="cancellationToken">Leaves nothing behind when cancelled.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PayloadTooLarge"/>.</exception>
    Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading; the stream is the caller's, can seek, and fails on reading when the bytes do not fit the digest.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/> when there is none; <see cref="ErrorCode.Internal"/> when it is damaged.</exception>
    Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken);

    /// <summary>Size in bytes, or null when there is no such blob.</summary>
    Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken);

    /// <summary>All blobs, in any order.</summary>
    IAsyncEnumerable<BlobInfo> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes a blob. For garbage collection only, which knows that nothing refers to it. False when there was none.</summary>
    Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken);
}

/// <summary>A blob.</summary>
/// <param name="Digest">What it is addressed by.</param>
/// <param name="Length">Size of the content in bytes.</param>
/// <param name="Stored">When it was stored, where the store knows; garbage collection spares what is younger than its grace period.</param>
public readonly record struct BlobInfo(Sha256Digest Digest, long Length, DateTimeOffset? Stored = null);
