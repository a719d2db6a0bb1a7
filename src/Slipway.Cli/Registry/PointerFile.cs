using System.Text;
using System.Text.RegularExpressions;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Registry;

/// <summary>
/// Small text files that stand for large ones: Git LFS pointers (version 1) and DVC's <c>.dvc</c> files. The content is taken from the caches of the working copy
/// (<c>.git/lfs/objects</c>, <c>.dvc/cache</c>); nothing is fetched.
/// </summary>
internal static partial class PointerFile
{
    private const string LfsHead = "version https://git-lfs.github.com/spec/";
    private const int MaxBytes = 16 * 1024;

    /// <summary>Whether a file only points at content.</summary>
    public static bool IsPointer(string path) => DvcPointer.IsOne(path) || IsLfs(path);

    /// <summary>The file itself, or what it points at.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isWhole">Whether it is all that was asked for, and not one of the files of a folder.</param>
    /// <exception cref="CliException">The content is not in a local cache.</exception>
    public static IEnumerable<LocalFile> Resolve(LocalFile file, bool isWhole) =>
        DvcPointer.IsOne(file.Name) ? DvcPointer.Resolve(file, Read(file), isWhole)
        : [IsLfs(file.Path) ? ResolveLfs(file) : file];

    private static bool IsLfs(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length is 0 or > 1024)
        {
            return false;
        }

        byte[] head = new byte[LfsHead.Length];
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(LfsHead));
    }

    private static LocalFile ResolveLfs(LocalFile file)
    {
        Match oid = LfsOid().Match(Read(file));
        if (!oid.Success)
        {
            throw new CliException(ExitCode.BadInput, $"'{file.Name}' is a damaged Git LFS pointer: it names no sha256");
        }

        string digest = oid.Groups[1].Value;
        string? content = Above(file.Path, ".git", git => Path.Combine(GitFolder(git), "lfs", "objects", digest[..2], digest[2..4], digest));
        return content is not null
            ? file with { Path = content, Length = new FileInfo(content).Length }
            : throw new CliException(ExitCode.BadInput, $"'{file.Name}' is a Git LFS pointer and its content {digest} is not in the local cache: run 'git lfs pull' first");
    }

    private static string Read(LocalFile file) => new FileInfo(file.Path).Length <= MaxBytes
        ? File.ReadAllText(file.Path)
        : throw new CliException(ExitCode.BadInput, $"'{file.Name}' has more than {MaxBytes} bytes: too many for a pointer");

    // The cache in the nearest folder above that has one with the content.
    private static string? Above(string path, string marker, Func<string, string> content)
    {
        for (DirectoryInfo? folder = new FileInfo(path).Directory; folder is not null; folder = folder.Parent)
        {
            string at = Path.Combine(folder.FullName, marker);
            if ((Directory.Exists(at) || File.Exists(at)) && content(at) is var candidate && File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    // In a linked working tree .git is a file that names the folder; objects are kept with the main one.
    private static string GitFolder(string git)
    {
        if (Directory.Exists(git))
        {
            return git;
        }

        string text = File.ReadAllText(git).Trim();
        string folder = text.StartsWith("gitdir: ", StringComparison.Ordinal) ? Path.GetFullPath(text[8..], Path.GetDirectoryName(git)!) : git;
        int worktrees = folder.LastIndexOf("/worktrees/", StringComparison.Ordinal);
        return worktrees > 0 ? folder[..worktrees] : folder;
    }

    [GeneratedRegex("^oid sha256:([0-9a-f]{64})\\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex LfsOid();
}
