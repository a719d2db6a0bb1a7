using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Encrypted blobs with their envelopes as they are kept, to be copied from place to place: no key is needed, and nothing is in the clear on the way. Content that was kept before
/// encryption was turned on has no envelope and is copied as it is. Thread-safe.
/// </summary>
/// <param name="blobs">Encrypted bytes.</param>
/// <param name="envelopes">Wrapped data keys.</param>
public sealed class SealedBlobs(IBlobStore blobs, IEnvelopeStore envelopes)
{
    /// <summary>Copies a blob and its envelope; killed on the way, it leaves no envelope without its blob.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="content">Digest of the content.</param>
    /// <param name="length">Size of the content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the bytes were copied; false when they were there already.</returns>
    /// <exception cref="SlipwayException">There is no such blob; or it is damaged, or its envelope is.</exception>
    public async Task<bool> CopyToAsync(SealedBlobs target, Sha256Digest content, long length, CancellationToken cancellationToken)
    {
        if (await envelopes.FindAsync(content, cancellationToken) is not { } envelope)
        {
            return await CopyBytesAsync(target, content, length, cancellationToken);
        }

        if (envelope.Content != content || envelope.Length != length)
        {
            throw BlobEnvelope.Damaged(content, null);
        }

        bool isNew = await CopyBytesAsync(target, envelope.Blob, BlobFormat.BlobBytes(length), cancellationToken);
        await target.TakeAsync(envelope, cancellationToken);
        return isNew;
    }

    private async Task<bool> CopyBytesAsync(SealedBlobs target, Sha256Digest digest, long length, CancellationToken cancellationToken)
    {
        if (await target.GetLengthAsync(digest, cancellationToken) == length)
        {
            return false;
        }

        await using Stream bytes = await blobs.OpenReadAsync(digest, cancellationToken);
        if (await target.PutAsync(bytes, length, cancellationToken) != digest)
        {
            throw new SlipwayException($"blob {digest} is damaged: its bytes do not fit its digest");
        }

        return true;
    }

    private Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken) => blobs.GetLengthAsync(digest, cancellationToken);

    private async Task<Sha256Digest> PutAsync(Stream bytes, long length, CancellationToken cancellationToken) => (await blobs.PutAsync(bytes, length, cancellationToken)).Digest;

    // Its key may have been wrapped anew since, or the content put again under another one.
    private async Task TakeAsync(BlobEnvelope envelope, CancellationToken cancellationToken)
    {
        BlobEnvelope? present = await envelopes.FindAsync(envelope.Content, cancellationToken);
        if (present is null || !present.ToJson().AsSpan().SequenceEqual(envelope.ToJson()))
        {
            await envelopes.ReplaceAsync(envelope, cancellationToken);
        }

        if (present is not null && present.Blob != envelope.Blob)
        {
            await blobs.DeleteAsync(present.Blob, cancellationToken);
        }
    }
}
