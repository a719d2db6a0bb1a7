using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Slipway.Core;

namespace Slipway.Trust.Encryption;

/// <summary>
/// Encrypts what another blob store keeps. Blobs are addressed by the digest of their content, so that the same content is kept once; the store beneath sees only
/// encrypted bytes and their digests. Content is hashed and encrypted in one pass, and decrypted to memory only. Blobs that were kept before encryption was turned on
/// stay as they are and readable. Thread-safe.
/// </summary>
/// <param name="inner">Keeps encrypted bytes.</param>
/// <param name="envelopes">Keeps wrapped data keys.</param>
/// <param name="wrapper">Wraps and unwraps data keys.</param>
public sealed class EncryptedBlobStore(IBlobStore inner, IEnvelopeStore envelopes, IKeyWrapper wrapper) : IBlobStore, ICollectableBlobs
{
    /// <summary>The blobs as they are kept.</summary>
    public SealedBlobs Sealed { get; } = new(inner, envelopes);

    /// <inheritdoc/>
    public async Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        byte[] dataKey = RandomNumberGenerator.GetBytes(BlobFormat.KeyBytes);
        try
        {
            // 1. The key first: a service that can't be reached costs no copy.
            byte[] wrapped = await wrapper.WrapAsync(dataKey, cancellationToken);

            // 2. The bytes, in one pass.
            await using EncryptingStream encrypting = new(content, dataKey, maxBytes);
            long most = maxBytes > long.MaxValue / 2 ? long.MaxValue : BlobFormat.BlobBytes(maxBytes);
            BlobInfo blob = await inner.PutAsync(encrypting, most, cancellationToken);
            Sha256Digest digest = encrypting.FinishDigest();

            // 3. The envelope makes it a blob. Where the content is kept already, the copy made now goes again.
            BlobEnvelope envelope = new(digest, encrypting.ContentBytes, blob.Digest, wrapper.KeyId, wrapped,
                BlobFormat.ProofOf(dataKey, BlobEnvelope.TextOf(digest, encrypting.ContentBytes, blob.Digest)));
            if (!await envelopes.TryAddAsync(envelope, cancellationToken))
            {
                await SettleAsync(envelope, cancellationToken);
            }

            return new BlobInfo(digest, encrypting.ContentBytes, blob.Stored);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        if (await envelopes.FindAsync(digest, cancellationToken) is not { } envelope)
        {
            return await inner.OpenReadAsync(digest, cancellationToken);
        }

        byte[] dataKey = await wrapper.UnwrapAsync(envelope.KeyId, envelope.WrappedKey, cancellationToken);
        try
        {
            envelope.RequireProof(dataKey, digest);
            return await DecryptingStream.OpenAsync(await inner.OpenReadAsync(envelope.Blob, cancellationToken), dataKey, envelope.Length, digest, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <inheritdoc/>
    public async Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        await envelopes.FindAsync(digest, cancellationToken) is { } envelope
            ? await inner.GetLengthAsync(envelope.Blob, cancellationToken) is null ? null : envelope.Length
            : await inner.GetLengthAsync(digest, cancellationToken);

    /// <summary>All blobs: those with an envelope by the digest of their content, and what else the store beneath has, which is plain or was left by a crash.</summary>
    public async IAsyncEnumerable<BlobInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<Sha256Digest, BlobInfo> beneath = [];
        await foreach (BlobInfo blob in inner.ListAsync(cancellationToken))
        {
            beneath[blob.Digest] = blob;
        }

        await foreach (Sha256Digest content in envelopes.ListAsync(cancellationToken))
        {
            if (await envelopes.FindAsync(content, cancellationToken) is { } envelope && beneath.Remove(envelope.Blob, out BlobInfo blob))
            {
                yield return new BlobInfo(content, envelope.Length, blob.Stored);
            }
        }

        foreach (BlobInfo other in beneath.Values)
        {
            yield return other;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        if (await envelopes.FindAsync(digest, cancellationToken) is not { } envelope)
        {
            return await inner.DeleteAsync(digest, cancellationToken);
        }

        // The envelope first: bytes without one are listed and go at the next collection; an envelope without bytes would be a promise.
        await envelopes.DeleteAsync(digest, cancellationToken);
        await inner.DeleteAsync(envelope.Blob, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> GetStoredAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        BlobEnvelope? envelope = await envelopes.FindAsync(digest, cancellationToken);
        DateTimeOffset? stored = inner is ICollectableBlobs collectable
            ? await collectable.GetStoredAsync(envelope?.Blob ?? digest, cancellationToken)
            : await inner.GetLengthAsync(envelope?.Blob ?? digest, cancellationToken) is null ? null : DateTimeOffset.MinValue;

        // Content that is put again keeps its blob; that it is wanted shows in the time of its envelope.
        DateTimeOffset? written = envelope is null ? null : await envelopes.GetWrittenAsync(digest, cancellationToken);
        return written > stored ? written : stored;
    }

    /// <inheritdoc/>
    public async Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        await envelopes.RemoveIncompleteAsync(before, cancellationToken)
        + (inner is ICollectableBlobs collectable ? await collectable.RemoveIncompleteAsync(before, cancellationToken) : 0);

    // There is an envelope already: where its blob is there too, the new copy goes; where the blob was lost, the new one takes its place.
    private async ValueTask SettleAsync(BlobEnvelope envelope, CancellationToken cancellationToken)
    {
        BlobEnvelope? present = await envelopes.FindAsync(envelope.Content, cancellationToken);
        if (present is not null && await inner.GetLengthAsync(present.Blob, cancellationToken) is not null)
        {
            // Written again, the envelope is young, and collection spares the content until somebody refers to it.
            await envelopes.ReplaceAsync(present, cancellationToken);
            await inner.DeleteAsync(envelope.Blob, CancellationToken.None);
        }
        else
        {
            await envelopes.ReplaceAsync(envelope, cancellationToken);
        }
    }
}
