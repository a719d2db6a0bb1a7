namespace Slipway.Server.Imports;

/// <summary>A model of another repository, to be taken into the registry.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Versions">Its versions, smallest number first.</param>
public sealed record ImportedModel(string Name, IReadOnlyList<ImportedVersion> Versions)
{
    /// <summary>What is said of the model; null: nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Aliases or labels, with the other repository's version numbers.</summary>
    public IReadOnlyDictionary<string, long> Aliases { get; init; } = new Dictionary<string, long>();

    /// <summary>Why the model can't be taken over; null when it can.</summary>
    public string? Problem { get; init; }

    /// <summary>Things to know of it.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>A version of another repository.</summary>
/// <param name="Number">Its number there.</param>
/// <param name="Files">Its files.</param>
public sealed record ImportedVersion(long Number, IReadOnlyList<ImportedFile> Files)
{
    /// <summary>What is said of the version; null: nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Stage; null: none.</summary>
    public string? Stage { get; init; }

    /// <summary>Run that made it there; null when unknown.</summary>
    public string? RunId { get; init; }
}

/// <summary>A file of another repository.</summary>
/// <param name="Name">Name within the version, <c>/</c> between folders.</param>
/// <param name="OpenAsync">Opens it; the stream is the caller's.</param>
public sealed record ImportedFile(string Name, Func<CancellationToken, Task<Stream>> OpenAsync);
