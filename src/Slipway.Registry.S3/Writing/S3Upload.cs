using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Slipway.Registry.S3.Writing;

/// <summary>
/// Brings spooled content under a key: whole or not at all, as an object appears only when its last request is done. Every request carries the SHA-256 of its bytes, which the server
/// compares. The write is conditional where the server knows that, so that of two writers one writes and the other finds the work done.
/// </summary>
internal sealed class S3Upload(AmazonS3Client client, S3Options options, TimeProvider time)
{
    // The limits of S3: parts of one upload.
    private const int MaxParts = 10_000;
    private const int DecidingAttempts = 5;

    // Over TLS the payload's checksum need not be part of the signature as well, which would read it once more.
    private readonly bool _unsignedPayload = options.Endpoint is null || options.Endpoint.Scheme == Uri.UriSchemeHttps;

    private volatile bool _conditional = true;

    /// <summary>Stores the content under <paramref name="key"/>. When <paramref name="replace"/> is false and the key is taken, that is kept.</summary>
    public async Task StoreAsync(string key, Spool content, bool replace, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            string? condition = _conditional && !replace ? "*" : null;
            try
            {
                await (content.Length <= options.PartBytes
                    ? PutAsync(key, content, condition, cancellationToken)
                    : PutPartsAsync(key, content, condition, cancellationToken));
                return;
            }
            catch (AmazonS3Exception fault) when (S3Faults.IsTaken(fault) && condition is not null)
            {
                return;
            }
            catch (AmazonS3Exception fault) when (S3Faults.IsNotImplemented(fault) && condition is not null)
            {
                // Without the condition the second writer replaces the object by the same bytes: no harm, only work.
                _conditional = false;
            }
            catch (AmazonS3Exception fault) when (S3Faults.IsUndecided(fault) && attempt < DecidingAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), time, cancellationToken);
            }
        }
    }

    /// <summary>Removes uploads below <paramref name="prefix"/> that were begun before a time and never completed. Returns how many.</summary>
    public async Task<int> RemoveAbandonedAsync(string prefix, DateTime before, CancellationToken cancellationToken)
    {
        ListMultipartUploadsRequest request = new() { BucketName = options.Bucket, Prefix = prefix };
        int removed = 0;
        ListMultipartUploadsResponse page;
        do
        {
            page = await client.ListMultipartUploadsAsync(request, cancellationToken);
            foreach (MultipartUpload upload in page.MultipartUploads ?? [])
            {
                if (upload.Initiated is { } begun && begun.ToUniversalTime() < before)
                {
                    await client.AbortMultipartUploadAsync(
                        new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = upload.Key, UploadId = upload.UploadId }, cancellationToken);
                    removed++;
                }
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);

        return removed;
    }

    private async Task PutAsync(string key, Spool content, string? condition, CancellationToken cancellationToken)
    {
        await using Stream stream = content.OpenRead(0, content.Length);
        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = options.Bucket,
                Key = key,
                InputStream = stream,
                AutoCloseStream = false,
                ContentType = "application/octet-stream",
                ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
                ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(content.Digest.ToString())),
                UseChunkEncoding = false,
                DisablePayloadSigning = _unsignedPayload,
                IfNoneMatch = condition,
            },
            cancellationToken);
    }

    private async Task PutPartsAsync(string key, Spool content, string? condition, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadResponse upload = await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = options.Bucket,
                Key = key,
                ContentType = "application/octet-stream",
                ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            },
            cancellationToken);
        try
        {
            List<PartETag> parts = await SendPartsAsync(key, upload.UploadId, content, cancellationToken);
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = options.Bucket,
                    Key = key,
                    UploadId = upload.UploadId,
                    PartETags = parts,
                    IfNoneMatch = condition,
                },
                cancellationToken);
        }
        catch
        {
            await AbandonAsync(key, upload.UploadId);
            throw;
        }
    }

    private async Task<List<PartETag>> SendPartsAsync(string key, string uploadId, Spool content, CancellationToken cancellationToken)
    {
        long partBytes = Math.Max(options.PartBytes, (content.Length + MaxParts - 1) / MaxParts);
        int count = (int)((content.Length + partBytes - 1) / partBytes);
        PartETag[] parts = new PartETag[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = options.ParallelParts, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                long offset = index * partBytes;
                parts[index] = await SendPartAsync(key, uploadId, index + 1, content, offset, Math.Min(partBytes, content.Length - offset), token);
            });
        return [.. parts];
    }

    private async Task<PartETag> SendPartAsync(
        string key, string uploadId, int number, Spool content, long offset, long length, CancellationToken cancellationToken)
    {
        await using Stream stream = content.OpenRead(offset, length);
        string checksum = Convert.ToBase64String(await SHA256.HashDataAsync(stream, cancellationToken));
        stream.Position = 0;
        UploadPartResponse sent = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = options.Bucket,
                Key = key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = length,
                InputStream = stream,
                ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
                ChecksumSHA256 = checksum,
                UseChunkEncoding = false,
                DisablePayloadSigning = _unsignedPayload,
            },
            cancellationToken);
        return new PartETag { PartNumber = number, ETag = sent.ETag, ChecksumSHA256 = sent.ChecksumSHA256 };
    }

    // Best effort, also when the caller is gone: what stays behind is removed with the leftovers.
    private async Task AbandonAsync(string key, string uploadId)
    {
        using CancellationTokenSource limit = new(options.Timeout, time);
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = uploadId }, limit.Token);
        }
        catch (Exception fault) when (S3Faults.Explain(fault, options.Bucket, default) is not null)
        {
        }
    }
}
