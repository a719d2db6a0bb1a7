using System.IO.Enumeration;
using Slipway.Core;
using Slipway.Trust.Signing;

namespace Slipway.Trust.Folders;

/// <summary>A model at a path of this machine, a folder or a single file, as what is signed and verified. Links are refused, never followed.</summary>
/// <param name="Name">Name of the folder or file.</param>
/// <param name="Files">All files but the signature.</param>
/// <param name="SignaturePath">Where its signature is kept: <c>model.sig</c> in the folder, <c>NAME.ext.sig</c> beside the file, or where the caller said.</param>
public sealed record ModelOnDisk(string Name, IReadOnlyList<ContentFile> Files, string SignaturePath)
{
    /// <summary>Name of the signature in a model's folder.</summary>
    public const string SignatureName = "model.sig";

    /// <summary>Ending of the signature beside a model that is a single file.</summary>
    public const string SignatureEnding = ".sig";

    private const int MaxFiles = 100_000;
    private const int MaxDepth = 64;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth };

    /// <summary>Lists a model.</summary>
    /// <param name="path">Its folder or file.</param>
    /// <param name="signature">Where its signature is; null: at the usual place.</param>
    /// <param name="ignored">Paths within it that are passed over, links among them; each stands for all below it.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: there is nothing, or it holds a link or something that is not a file, which is named.</exception>
    public static ModelOnDisk Open(string path, string? signature, IReadOnlyList<string> ignored)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = Path.GetFileName(full);
        try
        {
            if (Directory.Exists(full))
            {
                string place = Path.GetFullPath(signature ?? Path.Combine(full, SignatureName));
                return new ModelOnDisk(name, List(full, place, [.. SignedManifest.DefaultIgnores, .. ignored]), place);
            }

            if (File.Exists(full))
            {
                return new ModelOnDisk(name, [Open(full, name)], Path.GetFullPath(signature ?? full + SignatureEnding));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{name}' can't be read: {fault.Message}", fault);
        }

        throw new SlipwayException(ErrorCode.InvalidModel, $"there is no file or folder '{name}'");
    }

    private static List<ContentFile> List(string root, string signature, string[] ignored)
    {
        FileSystemEnumerable<(string Path, bool IsFolder)> entries = new(root, static (ref FileSystemEntry entry) => (entry.ToFullPath(), IsFolder(ref entry)), Everything)
        {
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => IsFolder(ref entry),
        };
        List<ContentFile> files = [];
        foreach ((string path, bool isFolder) in entries)
        {
            string name = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (isFolder || path == signature || ResourceNames.IsIgnored(name, ignored))
            {
                continue;
            }

            files.Add(Open(path, name));
            if (files.Count > MaxFiles)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"'{Path.GetFileName(root)}' holds more than {MaxFiles} files");
            }
        }

        return files;
    }

    private static bool IsFolder(ref FileSystemEntry entry) => entry.IsDirectory && (entry.Attributes & FileAttributes.ReparsePoint) == 0;

    private static ContentFile Open(string path, string name)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidModel,
                $"file '{ResourceNames.Show(name)}' is a symbolic link, which is not followed: put the file itself there (cp -L), or leave it out (--ignore)");
        }

        return new ContentFile(name, file.Length, file.OpenRead);
    }
}
