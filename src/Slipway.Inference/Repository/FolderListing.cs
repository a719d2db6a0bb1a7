using Slipway.Core;

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
/// <param name="Files">All files, the signature included, ordinal order.</param>
/// <param name="Newest">Youngest write to a file or folder of the version, UTC.</param>
internal sealed record VersionListing(long Number, string Folder, string? MainFile, IReadOnlyList<ListedFile> Files, DateTime Newest)
{
    /// <summary>Changes when a name, a size or a time does.</summary>
    public string Token { get; } = ChangeTokens.Of(Folder, Files);

    /// <summary>Whether the version is a single file in a folder of others.</summary>
    public bool IsSingleFile { get; init; }

    /// <summary>Name that the version's signature has where there is one.</summary>
    public string SignatureName => IsSingleFile ? ModelFileNames.SignatureOf(MainFile!) : ModelFileNames.Signature;
}

/// <summary>The configuration of one model as the last look saw it.</summary>
/// <param name="Folder">Real folder of the model.</param>
/// <param name="Files">The configuration files and what they may point at.</param>
internal sealed record ConfigListing(string Folder, IReadOnlyList<ListedFile> Files)
{
    /// <summary>Changes when a name, a size or a time does.</summary>
    public string Token { get; } = ChangeTokens.Of(Folder, Files);

    /// <summary>Youngest write, UTC.</summary>
    public DateTime Newest => Files.Count == 0 ? DateTime.MinValue : Files.Max(static file => file.Modified);

    /// <summary>The file of this name, or null.</summary>
    public ListedFile? Find(string name)
    {
        foreach (ListedFile file in Files)
        {
            if (file.Name == name)
            {
                return file;
            }
        }

        return null;
    }
}

/// <summary>One model as the last look saw it.</summary>
/// <param name="Name">Name of the model.</param>
/// <param name="Config">Its configuration; null for a model that is a single file.</param>
/// <param name="Versions">Its versions.</param>
internal sealed record ModelListing(string Name, ConfigListing? Config, IReadOnlyList<VersionListing> Versions)
{
    /// <summary>
    /// Whether files that were last written long enough ago count as at rest without a second look: true for what is looked at for the first time because
    /// somebody has just asked for it, not for what turned up while the folder was watched.
    /// </summary>
    public bool TrustAge { get; init; }

    /// <summary>What a given list says of it: goes before its own configuration. Null when there is no list.</summary>
    public ConfiguredModel? Listed { get; init; }

    /// <summary>Why it can't be served.</summary>
    public string? Problem { get; init; }

    /// <summary>Why there is no version; null when there are some, or the problem says it.</summary>
    public string? NothingToServe { get; init; }

    /// <summary>What an operator may want to know.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
