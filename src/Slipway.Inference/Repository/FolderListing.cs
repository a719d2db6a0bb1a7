namespace Slipway.Inference.Repository;

/// <summary>A file as the last look saw it.</summary>
/// <param name="Name">Name relative to the folder that was listed, with <c>/</c>.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="Modified">Last write, UTC.</param>
internal readonly record struct ListedFile(string Name, long Length, DateTime Modified);

/// <summary>The files of one version as the last look saw them.</summary>
/// <param name="Number">Number of the version.</param>
/// <param name="Folder">Real folder, links resolved.</param>
/// <param name="MainFile">The model's file, when its name says so.</param>
/// <param name="Files">All files, ordinal order.</param>
/// <param name="Newest">Youngest write to a file or folder of the version, UTC.</param>
internal sealed record VersionListing(long Number, string Folder, string? MainFile, IReadOnlyList<ListedFile> Files, DateTime Newest)
{
    /// <summary>Changes when a name, a size or a time does.</summary>
    public string Token { get; } = ChangeTokens.Of(Folder, Files);
}

/// <summary>One model as the last look saw it.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Folder">Its real folder; null for a model that is a single file.</param>
/// <param name="Versions">Its versions.</param>
/// <param name="ConfigFiles">Configuration files that are there.</param>
internal sealed record ModelListing(string Name, string? Folder, IReadOnlyList<VersionListing> Versions, IReadOnlyList<ListedFile> ConfigFiles)
{
    /// <summary>Why it can't be served.</summary>
    public string? Problem { get; init; }

    /// <summary>What an operator may want to know.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
