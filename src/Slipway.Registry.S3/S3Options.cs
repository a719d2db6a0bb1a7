namespace Slipway.Registry.S3;

/// <summary>Where blobs are kept and how they travel; see <see cref="S3ConnectionString"/> for the text form. Holds no secret.</summary>
public sealed record S3Options
{
    /// <summary>Smallest part that S3 accepts (all but the last), in bytes.</summary>
    public const int MinPartBytes = 5 << 20;

    /// <summary>Name of the bucket; it has to exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>What the keys of all objects begin with: empty, or ending in <c>/</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Base address of a server other than Amazon's; null: Amazon's for <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region that requests are signed for; null: what the environment says (<c>AWS_REGION</c>, profile, instance), <c>us-east-1</c> where an endpoint is given.</summary>
    public string? Region { get; init; }

    /// <summary>Whether the bucket stands in the path (<c>host/bucket/key</c>) rather than in the host name; null: yes when an endpoint is given.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Credentials file in the form of <c>~/.aws/credentials</c>, read again when it is older than five minutes; null: environment, shared file, web identity, container or instance.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Profile of the credentials file; null: <c>default</c>, or what the environment says.</summary>
    public string? Profile { get; init; }

    /// <summary>Size of a part in bytes, from 5 MiB; larger blobs travel as multipart uploads. Default 16 MiB: few requests, and little to send again after a fault.</summary>
    public int PartBytes { get; init; } = 16 << 20;

    /// <summary>Parts of one blob that are sent at once, 1 to 64. Default 4.</summary>
    public int ParallelParts { get; init; } = 4;

    /// <summary>Blobs that are received from clients at once, 1 to 1024: each may fill its own file in <see cref="SpoolFolder"/>. Default 8; others wait.</summary>
    public int ParallelUploads { get; init; } = 8;

    /// <summary>Times that a request is tried again after a fault that may pass, 0 to 20. Default 4, with growing pauses.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Longest wait for a connection, for an answer to begin, or for its next bytes, before a request counts as failed. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Folder for blobs on their way, which need a file of their own because their digest is their name and is known only at the end; null: the system's for temporary files.</summary>
    public string? SpoolFolder { get; init; }
}
