namespace Slipway.Client.Registry;

/// <summary>Creates a model.</summary>
/// <param name="Name">Unique name.</param>
public sealed record NewRegistryModel(string Name)
{
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Reason { get; init; }
}

/// <summary>Publishes a version; its files must have been uploaded before.</summary>
/// <param name="Files">The files by content.</param>
public sealed record NewRegistryVersion(IReadOnlyList<RegistryFile> Files)
{
    /// <summary>Creates the model as well when there is none of that name.</summary>
    public bool CreateModel { get; init; }

    /// <summary>Where the files came from, for people.</summary>
    public string? Source { get; init; }

    /// <summary>Description.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Training parameters by key.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>Metrics by key.</summary>
    public IReadOnlyDictionary<string, double>? Metrics { get; init; }

    /// <summary>Run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>A link to the run.</summary>
    public string? RunLink { get; init; }

    /// <summary>SHA-256 of the data that it was trained on.</summary>
    public string? TrainingDataDigest { get; init; }

    /// <summary>Version of the same model that it was made from.</summary>
    public long? ParentVersion { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Reason { get; init; }
}

/// <summary>Changes a model or a version; what is null stays as it is.</summary>
public sealed record RegistryEdit
{
    /// <summary>New name of a model.</summary>
    public string? Name { get; init; }

    /// <summary>New description; empty removes it.</summary>
    public string? Description { get; init; }

    /// <summary>Tags to set; null removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Reason { get; init; }
}

/// <summary>Points an alias at a version.</summary>
/// <param name="Version">Number of the version.</param>
public sealed record AliasMove(long Version)
{
    /// <summary>Where the caller believes it points now: a number, or <c>none</c>; null moves it in any case.</summary>
    public string? Expect { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Reason { get; init; }
}

/// <summary>An alias that was moved.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Version">Where it points now.</param>
/// <param name="Previous">Where it pointed before; null: nowhere.</param>
public sealed record AliasMoved(string Alias, long Version, long? Previous);

/// <summary>Moves a version to a stage.</summary>
/// <param name="Stage">The stage.</param>
public sealed record StageMove(string Stage)
{
    /// <summary>Moves the others of that stage to <c>Archived</c>.</summary>
    public bool ArchiveOthers { get; init; }

    /// <summary>Why, for the history.</summary>
    public string? Reason { get; init; }
}

/// <summary>Approves a version.</summary>
/// <param name="Comment">Words of the approver; null: none.</param>
public sealed record ApprovalRequest(string? Comment);

/// <summary>Content that was uploaded.</summary>
/// <param name="Digest">SHA-256 of the content, 64 hexadecimal digits.</param>
/// <param name="Length">Size in bytes.</param>
public sealed record UploadedBlob(string Digest, long Length);
