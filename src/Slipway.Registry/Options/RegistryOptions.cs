namespace Slipway.Registry.Options;

/// <summary>How the registry keeps things and what it asks for.</summary>
public sealed record RegistryOptions
{
    /// <summary>Folder of the embedded store: the database <c>slipway.db</c> and the folder <c>blobs</c>. Made when it is not there, for this user only.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// Names of the stages that versions may go to, in the spelling that is kept; matched without regard to case. The first is that of a new version, and <c>Archived</c>, where
    /// others go that make room, is always one. Default: those that MLflow knows.
    /// </summary>
    public IReadOnlyList<string> Stages { get; init; } = ["None", "Staging", "Production", "Archived"];

    /// <summary>What needs approvals; none by default.</summary>
    public IReadOnlyList<ApprovalPolicy> Approvals { get; init; } = [];

    /// <summary>URI that locations of artifacts begin with: <c>ROOT/EXPERIMENT/RUN/artifacts</c>. Default: the server's own artifact store.</summary>
    public string ArtifactRoot { get; init; } = "mlflow-artifacts:";

    /// <summary>Largest file, in bytes. Default 64 GiB.</summary>
    public long MaxFileBytes { get; init; } = 64L << 30;

    /// <summary>How long collection spares a blob that nothing refers to: longer than any push takes from its first file to its last. Default 24 hours.</summary>
    public TimeSpan CollectionGrace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Searches look items up one by one when so many at most meet a condition, and walk through all in order when more do. Default 10,000: as many look-ups take as long as a walk through a million items in which as many are scattered.</summary>
    internal int FewItems { get; init; } = 10_000;

    /// <summary>File of the embedded database.</summary>
    public string DatabaseFile => Path.Combine(DataFolder, "slipway.db");

    /// <summary>Folder of the embedded blob store.</summary>
    public string BlobFolder => Path.Combine(DataFolder, "blobs");
}
