using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Core;

namespace Slipway.Registry.S3.Reading;

/// <summary>One stored blob as it was when it was opened: its content can be asked for from any place, but never becomes that of another object in between.</summary>
/// <param name="client">Client; not owned.</param>
/// <param name="options">Where it is.</param>
/// <param name="key">Its key.</param>
/// <param name="digest">What its content should be.</param>
internal sealed class StoredBlob(AmazonS3Client client, S3Options options, string key, Sha256Digest digest)
{
    /// <summary>What its content should be.</summary>
    public Sha256Digest Digest => digest;

    /// <summary>Size in bytes, as of the first answer.</summary>
    public long Length { get; private set; }

    /// <summary>The server's mark of this very content, as of the first answer.</summary>
    public string? Mark { get; private set; }

    /// <summary>Asks for the whole content; null when there is no such object. The first thing to be called.</summary>
    public async Task<Stream?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            GetObjectResponse answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = key }, cancellationToken);
            (Length, Mark) = (answer.ContentLength, answer.ETag);
            return answer.ResponseStream;
        }
        catch (AmazonS3Exception fault) when (S3Faults.IsAbsent(fault))
        {
            return null;
        }
        catch (Exception fault) when (S3Faults.Explain(fault, options.Bucket, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Asks for bytes <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <exception cref="AmazonS3Exception">Also when the object is another one, or gone.</exception>
    public async Task<Stream> OpenRangeAsync(long from, long to, CancellationToken cancellationToken)
    {
        GetObjectResponse answer = await client.GetObjectAsync(
            new GetObjectRequest { BucketName = options.Bucket, Key = key, ByteRange = new ByteRange(from, to), EtagToMatch = Mark }, cancellationToken);
        if (answer.ContentLength != to - from + 1)
        {
            answer.Dispose();
            throw new IOException("the server answered with another range than was asked for");
        }

        return answer.ResponseStream;
    }

    /// <summary>The failure of content that doesn't fit its digest.</summary>
    public SlipwayException Damaged() => new(ErrorCode.Internal, $"blob {digest} is damaged in object storage: its content has another digest");

    /// <summary>The failure to report for a fault, or null; see <see cref="S3Faults.Explain"/>.</summary>
    public SlipwayException? Explain(Exception fault, CancellationToken cancellationToken) => fault switch
    {
        AmazonS3Exception s3 when S3Faults.IsAbsent(s3) => new SlipwayException(ErrorCode.NotFound, $"blob {digest} was removed while it was read", fault),
        AmazonS3Exception s3 when S3Faults.IsTaken(s3) => new SlipwayException(ErrorCode.Internal, $"blob {digest} was replaced while it was read; open it again", fault),
        _ => S3Faults.Explain(fault, options.Bucket, cancellationToken),
    };
}
