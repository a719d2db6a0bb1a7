using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Slipway.Core;

namespace Slipway.Registry.S3;

/// <summary>What a fault of object storage means to a caller. Messages name the bucket and the server's own word, never an address, a key or a credential.</summary>
internal static class S3Faults
{
    /// <summary>The failure to report for <paramref name="fault"/>; null when it is none of object storage: a bug, a caller who went away, or a failure already explained.</summary>
    public static SlipwayException? Explain(Exception fault, string bucket, CancellationToken cancellationToken) => fault switch
    {
        SlipwayException => null,
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        AmazonS3Exception refused => new SlipwayException(CodeOf(refused), $"object storage, bucket '{bucket}': {WordsOf(refused)}", fault),
        OperationCanceledException or TimeoutException => Unavailable(bucket, "no answer in time", fault),
        HttpRequestException or IOException or SocketException => Unavailable(bucket, "it can't be reached", fault),
        AmazonServiceException => Unavailable(bucket, "its answer could not be read", fault),
        AmazonClientException when fault.GetBaseException() is HttpRequestException or IOException or SocketException
            => Unavailable(bucket, "it can't be reached", fault),
        AmazonClientException => Unavailable(bucket, "no credentials were found in the environment, a credentials file or the instance's role", fault),
        _ => null,
    };

    /// <summary>Whether the object is not there.</summary>
    public static bool IsAbsent(AmazonS3Exception fault) => fault.StatusCode == HttpStatusCode.NotFound && fault.ErrorCode != "NoSuchBucket";

    /// <summary>Whether an object of that name was there first: another writer of the same content has won.</summary>
    public static bool IsTaken(AmazonS3Exception fault) => fault.StatusCode == HttpStatusCode.PreconditionFailed;

    /// <summary>Whether two conditional writes met and neither is decided yet.</summary>
    public static bool IsUndecided(AmazonS3Exception fault) => fault.StatusCode == HttpStatusCode.Conflict;

    /// <summary>Whether the server doesn't know conditional writes.</summary>
    public static bool IsNotImplemented(AmazonS3Exception fault) => fault.StatusCode == HttpStatusCode.NotImplemented;

    private static SlipwayException Unavailable(string bucket, string words, Exception fault) =>
        new(ErrorCode.StoreUnavailable, $"object storage, bucket '{bucket}': {words}", fault);

    private static ErrorCode CodeOf(AmazonS3Exception fault) =>
        fault.ErrorCode is "EntityTooLarge" ? ErrorCode.PayloadTooLarge : ErrorCode.StoreUnavailable;

    private static string WordsOf(AmazonS3Exception fault) => fault switch
    {
        { ErrorCode: "NoSuchBucket" } => "there is no such bucket",
        { StatusCode: HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect }
            or { ErrorCode: "AuthorizationHeaderMalformed" } => "it is in another region; set region=",
        { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => $"the credentials were refused ({WordOf(fault)})",
        _ => $"the request failed ({WordOf(fault)})",
    };

    // A server's code is one word; whatever else it sends stays out of messages.
    private static string WordOf(AmazonS3Exception fault) =>
        fault.ErrorCode is { Length: > 0 and <= 64 } code && code.All(char.IsAsciiLetterOrDigit) ? code : $"status {(int)fault.StatusCode}";
}
