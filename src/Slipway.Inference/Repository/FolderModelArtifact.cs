using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository;

/// <summary>A version kept as files in a folder. What is opened must be what was listed: not a link, not elsewhere, not changed since.</summary>
internal sealed class FolderModelArtifact : ModelArtifact
{
    private readonly VersionListing _listing;
    private readonly Dictionary<string, ListedFile> _files;

    public FolderModelArtifact(VersionListing listing, string? mainFile)
    {
        _listing = listing;
        MainFile = mainFile;
        Files = [.. listing.Files.Where(file => file.Name != listing.SignatureName).Select(static file => new ModelFile(file.Name, file.Length))];
        _files = listing.Files.ToDictionary(static file => file.Name, StringComparer.Ordinal);
        ChangeToken = $"{listing.Token}:{mainFile}";
    }

    public override string ChangeToken { get; }

    public override string? MainFile { get; }

    public override IReadOnlyList<ModelFile> Files { get; }

    /// <summary>Whether this is the version as it is now listed.</summary>
    public bool IsOf(VersionListing listing, string? mainFile) =>
        mainFile == MainFile && listing.Token == _listing.Token;

    public override Stream OpenRead(string name) => new FileStream(OpenFile(name), FileAccess.Read, bufferSize: 0);

    public override IReadOnlyList<ModelFile> ListEverything()
    {
        if (_listing.IsSingleFile)
        {
            return Files;
        }

        try
        {
            return [.. WholeFolder.List(_listing.Folder).Where(file => file.Name != _listing.SignatureName)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the version's folder can't be listed: {PlainFile.Reason(fault)}", fault);
        }
    }

    public override Stream? OpenSignature() => _files.ContainsKey(_listing.SignatureName) ? OpenRead(_listing.SignatureName) : null;

    public override SafeFileHandle OpenFile(string name)
    {
        if (!_files.TryGetValue(name, out ListedFile listed))
        {
            // Configuration and names that begin with a dot are not listed; a signature speaks for them all the same.
            return !_listing.IsSingleFile && ModelFolder.IsPlainName(name)
                ? PlainFile.Open(_listing.Folder, name)
                : throw new SlipwayException(ErrorCode.InvalidModel, $"the version has no file '{name}'");
        }

        SafeFileHandle file = PlainFile.Open(_listing.Folder, name);
        if (RandomAccess.GetLength(file) == listed.Length && File.GetLastWriteTimeUtc(file) == listed.Modified)
        {
            return file;
        }

        file.Dispose();
        throw new SlipwayException(ErrorCode.InvalidModel, $"file '{name}' has changed since it was listed: it is looked at again");
    }
}
