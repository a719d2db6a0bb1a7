using System.IO.Enumeration;

namespace Slipway.Inference.Repository;

/// <summary>An entry of a folder; times and sizes are the link's own when it is one.</summary>
internal readonly record struct ListedEntry(string Name, bool IsFolder, bool IsLink, long Length, DateTime Modified)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>The entries of a folder whose names do not begin with a dot.</summary>
    public static FileSystemEnumerable<ListedEntry> Of(string folder) => new(folder, From, Everything)
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => entry.FileName[0] != '.',
    };

    public ListedFile AsFile() => new(Name, Length, Modified);

    private static ListedEntry From(ref FileSystemEntry entry) => new(
        entry.FileName.ToString(),
        entry.IsDirectory,
        (entry.Attributes & FileAttributes.ReparsePoint) != 0,
        entry.IsDirectory ? 0 : entry.Length,
        entry.LastWriteTimeUtc.UtcDateTime);
}
