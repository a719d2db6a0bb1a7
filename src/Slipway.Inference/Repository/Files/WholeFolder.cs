using System.IO.Enumeration;
using Slipway.Core;

namespace Slipway.Inference.Repository.Files;

/// <summary>Lists everything below a folder, names that begin with a dot included.</summary>
internal static class WholeFolder
{
    private const int MaxDepth = 16;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth };

    /// <summary>All files, links among them (which nobody opens), by ordinal name.</summary>
    /// <exception cref="IOException">It can't be listed, or holds too much.</exception>
    public static IReadOnlyList<ModelFile> List(string folder)
    {
        List<ModelFile> files = [];
        FileSystemEnumerable<ModelFile> found = new(folder, (ref FileSystemEntry entry) => From(folder, ref entry), Everything)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
        foreach (ModelFile file in found)
        {
            files.Add(file);
            if (files.Count > ModelFolderReader.MaxFiles)
            {
                throw new IOException($"more than {ModelFolderReader.MaxFiles} files");
            }
        }

        files.Sort(static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        return files;
    }

    private static ModelFile From(string folder, ref FileSystemEntry entry) => new(
        Path.GetRelativePath(folder, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'), entry.IsDirectory ? 0 : entry.Length);

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;
}
