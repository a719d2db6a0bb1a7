using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Core;
using Slipway.Registry.S3.Reading;
using Slipway.Registry.S3.Writing;

namespace Slipway.Registry.S3;

/// <summary>
/// Blobs as objects <c>PREFIX blobs/DIGEST</c> of one bucket. Content is spooled until its digest is known, then sent with checksums; content that is there already is not sent again.
/// Faults of the storage give <see cref="ErrorCode.StoreUnavailable"/>, after a bounded number of attempts.
/// </summary>
public sealed class S3BlobStore : IBlobStore, ICollectableBlobs, IDisposable
{
    // Reads of this size come whole and are compared before the first byte is given.
    private const int SmallBytes = 1 << 20;

    // The most that one copy request of S3 takes.
    private const long MaxCopyBytes = 5L << 30;

    // A blob that was there already looks as if stored now, or garbage collection might take it before the version that needs it is recorded; younger ones need no request.
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);

    private readonly S3Options _options;
    private readonly TimeProvider _time;
    private readonly AmazonS3Client _client;
    private readonly S3Upload _upload;
    private readonly SemaphoreSlim _uploads;
    private readonly VerifiedBlobs _verified = new();
    private readonly string _prefix;

    /// <summary>Makes a store; nothing is sent yet.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: no region, or no such credentials file or profile.</exception>
    public S3BlobStore(S3Options options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _client = S3Clients.Create(options, time);
        _upload = new S3Upload(_client, options, time);
        _uploads = new SemaphoreSlim(options.ParallelUploads);
        _prefix = options.Prefix + "blobs/";
    }

    /// <summary>What it was made with.</summary>
    internal S3Options Options => _options;

    /// <summary>Asks for the bucket, so that a wrong name, address or credential shows at start.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.StoreUnavailable"/> saying which.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => RunAsync(
        async () => await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _prefix, MaxKeys = 1 }, cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<BlobInfo> PutAsync(Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        await _uploads.WaitAsync(cancellationToken);
        try
        {
            using Spool spool = await Spool.ReadAsync(content, maxBytes, _options.SpoolFolder, cancellationToken);
            await RunAsync(() => StoreAsync(spool, cancellationToken), cancellationToken);
            return new BlobInfo(spool.Digest, spool.Length);
        }
        finally
        {
            _uploads.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        StoredBlob source = new(_client, _options, KeyOf(digest), digest);
        Stream first = await source.OpenAsync(cancellationToken) ?? throw new SlipwayException(ErrorCode.NotFound, $"there is no blob {digest}");
        if (source.Length > SmallBytes)
        {
            return new S3BlobStream(source, first, _options, _time, _verified);
        }

        using ResumingReader reader = new(source, _options, _time, 0, source.Length, first);
        byte[] content = new byte[source.Length];
        int filled = 0;
        int read;
        while ((read = await reader.ReadAsync(content.AsMemory(filled), cancellationToken)) > 0)
        {
            filled += read;
        }

        return Sha256Digest.Of(content) == digest ? new MemoryStream(content, writable: false) : throw source.Damaged();
    }

    /// <inheritdoc/>
    public async Task<long?> GetLengthAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        (await FindAsync(KeyOf(digest), cancellationToken))?.ContentLength;

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = _options.Bucket, Prefix = _prefix };
        do
        {
            ListObjectsV2Response page = await RunAsync(() => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (S3Object item in page.S3Objects ?? [])
            {
                // Whatever else somebody put there is none of ours.
                if (Sha256Digest.TryParse(item.Key[_prefix.Length..], out Sha256Digest digest) && KeyOf(digest) == item.Key)
                {
                    yield return new BlobInfo(digest, item.Size ?? 0, item.LastModified is { } stored ? new DateTimeOffset(stored.ToUniversalTime()) : null);
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(Sha256Digest digest, CancellationToken cancellationToken)
    {
        if (await FindAsync(KeyOf(digest), cancellationToken) is null)
        {
            return false;
        }

        await RunAsync(
            () => _client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _options.Bucket, Key = KeyOf(digest) }, cancellationToken), cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> GetStoredAsync(Sha256Digest digest, CancellationToken cancellationToken) =>
        (await FindAsync(KeyOf(digest), cancellationToken))?.LastModified is { } stored ? new DateTimeOffset(stored.ToUniversalTime()) : null;

    /// <inheritdoc/>
    public Task<int> RemoveIncompleteAsync(DateTimeOffset before, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            try
            {
                return await _upload.RemoveAbandonedAsync(_prefix, before.UtcDateTime, cancellationToken);
            }
            catch (AmazonS3Exception fault) when (S3Faults.IsNotImplemented(fault))
            {
                // A server that can't list its uploads has rules of its own for what becomes of them.
                return 0;
            }
        },
        cancellationToken);

    /// <summary>Ends the connections.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _uploads.Dispose();
    }

    internal string KeyOf(Sha256Digest digest) =>
        digest.HasValue ? _prefix + digest : throw new SlipwayException(ErrorCode.InvalidRequest, "a digest was expected");

    private async Task StoreAsync(Spool content, CancellationToken cancellationToken)
    {
        string key = KeyOf(content.Digest);
        GetObjectMetadataResponse? known = await FindAsync(key, cancellationToken);
        bool damaged = known is not null && !Fits(known, content);
        if (known is null || damaged)
        {
            await _upload.StoreAsync(key, content, replace: damaged, cancellationToken);
        }
        else if (known.LastModified is { } stored && _time.GetUtcNow() - stored.ToUniversalTime() > FreshFor)
        {
            await RefreshAsync(key, content, known.ETag, cancellationToken);
        }
    }

    private static bool Fits(GetObjectMetadataResponse known, Spool content) =>
        known.ContentLength == content.Length
        && (known.ChecksumSHA256 is not { } checksum || known.ChecksumType != ChecksumType.FULL_OBJECT
            || checksum == Convert.ToBase64String(Convert.FromHexString(content.Digest.ToString())));

    private async Task RefreshAsync(string key, Spool content, string mark, CancellationToken cancellationToken)
    {
        if (content.Length > MaxCopyBytes)
        {
            await _upload.StoreAsync(key, content, replace: true, cancellationToken);
            return;
        }

        try
        {
            await _client.CopyObjectAsync(
                new CopyObjectRequest
                {
                    SourceBucket = _options.Bucket,
                    SourceKey = key,
                    DestinationBucket = _options.Bucket,
                    DestinationKey = key,
                    ETagToMatch = mark,
                    ContentType = "application/octet-stream",

                    // A copy onto itself is allowed only when something about it changes.
                    MetadataDirective = S3MetadataDirective.REPLACE,
                },
                cancellationToken);
        }
        catch (AmazonS3Exception)
        {
            // Removed or written anew in between, or a server that can't copy in this way: sending it again does in any case.
            await _upload.StoreAsync(key, content, replace: true, cancellationToken);
        }
    }

    private Task<GetObjectMetadataResponse?> FindAsync(string key, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            try
            {
                return await _client.GetObjectMetadataAsync(
                    new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = key, ChecksumMode = ChecksumMode.ENABLED }, cancellationToken);
            }
            catch (AmazonS3Exception fault) when (S3Faults.IsAbsent(fault))
            {
                return null;
            }
        },
        cancellationToken);

    private async Task RunAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action();
        }
        catch (Exception fault) when (S3Faults.Explain(fault, _options.Bucket, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (Exception fault) when (S3Faults.Explain(fault, _options.Bucket, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }
}
