using Slipway.Registry.Options;

namespace Slipway.Server.Options;

/// <summary>The registry, and how its models are served. It needs a data folder.</summary>
public sealed class RegistrySettings
{
    /// <summary>Connection string of a PostgreSQL database for what the registry knows; null: a file in the data folder.</summary>
    public string? Store { get; set; }

    /// <summary>Connection string of object storage for the registry's files, <c>s3://…</c>; null: a folder in the data folder.</summary>
    public string? Blobs { get; set; }

    /// <summary>Most bytes of files out of object storage that are kept in the data folder. Default 64 GiB; the least recently used go first.</summary>
    public long CacheBytes { get; set; } = 64L << 30;

    /// <summary>The alias whose version answers requests that name none. Default <c>champion</c>.</summary>
    public string DefaultAlias { get; set; } = "champion";

    /// <summary>Whether a model without any alias is served with its newest version. Default false.</summary>
    public bool ServeWithoutAlias { get; set; }

    /// <summary>Most bytes of one file. Default 64 GiB.</summary>
    public long MaxFileBytes { get; set; } = 64L << 30;

    /// <summary>Names of the stages; the first is that of a new version. Default: None, Staging, Production, Archived.</summary>
    public IReadOnlyList<string> Stages { get; set; } = ["None", "Staging", "Production", "Archived"];

    /// <summary>What needs approvals. Default: nothing.</summary>
    public IReadOnlyList<ApprovalPolicy> Approvals { get; set; } = [];
}
