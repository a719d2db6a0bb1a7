using Slipway.Core;

namespace Slipway.Registry.CrashHost;

/// <summary>A blob store with a crash point before and after everything.</summary>
internal sealed class CrashingBlobs(IBlobStore inner, CrashPoint crash) : IBlobStore, ICollectableBlobs
{
    public Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken) => AroundAsync(() => inner.PutAsync(content, maxBytes, cancellationToken));

    public Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken) => inner.OpenReadAsync(digest, cancellationToken);

    public Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken) => AroundAsync(() => inner.GetLengthAsync(digest, cancellationToken));

    public IAsyncEnumerable<BlobInfo> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken) => AroundAsync(() => inner.DeleteAsync(digest, cancellationToken));

    public Task<DateTimeOffset?> GetStoredAsync(Sha256Digest digest, CancellationToken cancellationToken) => ((ICollectableBlobs)inner).GetStoredAsync(digest, cancellationToken);

    public Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        AroundAsync(() => ((ICollectableBlobs)inner).RemoveIncompleteAsync(before, cancellationToken));

    private async Task<T> AroundAsync<T>(Func<Task<T>> work)
    {
        crash.Step();
        T result = await work();
        crash.Step();
        return result;
    }
}
