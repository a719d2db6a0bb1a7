using Slipway.Core;

namespace Slipway.Trust.Tests.Encryption;

internal sealed class MemoryBlobStore : IBlobStore
{
    public Dictionary<Sha256Digest, byte[]> Blobs { get; } = [];

    public Sha256Digest Only => Blobs.Keys.Single();

    public async Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes, cancellationToken);
        Assert.InRange(bytes.Length, 0, maxBytes);
        Sha256Digest digest = Sha256Digest.Of(bytes.ToArray());
        Blobs[digest] = bytes.ToArray();
        return new BlobInfo(digest, bytes.Length, DateTimeOffset.UnixEpoch);
    }

    // Does not look at the digest, so that what encryption itself finds is seen.
    public Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(Blobs[digest], writable: false));

    public Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        Task.FromResult(Blobs.TryGetValue(digest, out byte[]? blob) ? blob.Length : (long?)null);

    public async IAsyncEnumerable<BlobInfo> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((Sha256Digest digest, byte[] blob) in Blobs.ToArray())
        {
            yield return new BlobInfo(digest, blob.Length, DateTimeOffset.UnixEpoch);
        }

        await Task.CompletedTask;
    }

    public Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken) => Task.FromResult(Blobs.Remove(digest));
}
