using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Slipway.Core;

namespace Slipway.Registry.S3;

/// <summary>Makes the client of object storage from options.</summary>
internal static class S3Clients
{
    // A request that carries a part may take as long as the part needs over a poor line.
    private const int LeastBytesPerSecond = 256 << 10;

    /// <summary>A client; the caller's to dispose.</summary>
    public static AmazonS3Client Create(S3Options options, TimeProvider time)
    {
        AmazonS3Config config = new()
        {
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.Retries,
            Timeout = options.Timeout + TimeSpan.FromSeconds((double)options.PartBytes / LeastBytesPerSecond),
            ConnectTimeout = options.Timeout,

            // Checksums are set where they say something: SHA-256 of what is sent. The default, CRC32 in a trailer, is unknown to many servers.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region ?? "us-east-1";
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        try
        {
            return CredentialsOf(options, time) is { } credentials ? new AmazonS3Client(credentials, config) : new AmazonS3Client(config);
        }
        catch (AmazonClientException fault)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "connection string of object storage: give region=, or endpoint= for a server other than Amazon's", fault);
        }
    }

    private static AWSCredentials? CredentialsOf(S3Options options, TimeProvider time)
    {
        if (options.CredentialsFile is { } file)
        {
            return new FileCredentials(file, options.Profile ?? "default", time);
        }

        if (options.Profile is not { } profile)
        {
            return null;
        }

        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out AWSCredentials credentials)
            ? credentials
            : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"connection string of object storage: there is no profile '{profile}'");
    }
}
