using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Cli.Terminal;
using Slipway.Core;

namespace Slipway.Cli.Registry;

/// <summary>
/// DVC's <c>.dvc</c> files with one output: a file, or a folder, of which the cache holds a list (<c>DIGEST.dir</c>: JSON of each file's <c>md5</c> and <c>relpath</c>). Content that is
/// checked out beside the pointer is taken from there, any other from the cache of the working copy; nothing is fetched.
/// </summary>
internal static partial class DvcPointer
{
    /// <summary>Extension of the files.</summary>
    public const string Extension = ".dvc";

    private const int MaxListBytes = 16 << 20;

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool IsOne(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the pointer stands for.</summary>
    /// <param name="file">The pointer.</param>
    /// <param name="text">What is in it.</param>
    /// <param name="isWhole">Whether it stands for the whole version, and not for a part of the folder that it lies in, whose files are listed beside it.</param>
    /// <exception cref="CliException">It is damaged, or the content is not on this machine.</exception>
    public static IReadOnlyList<LocalFile> Resolve(LocalFile file, string text, bool isWhole)
    {
        MatchCollection digests = Digest().Matches(text);
        if (digests.Count != 1)
        {
            throw new CliException(ExitCode.BadInput, $"'{file.Name}': a DVC file with one output was expected, not {digests.Count.ToString(CultureInfo.InvariantCulture)}");
        }

        string digest = digests[0].Groups[1].Value.ToLowerInvariant();
        bool isFolder = digests[0].Groups[2].Success;
        string present = file.Path[..^Extension.Length];
        if (isFolder ? Directory.Exists(present) : File.Exists(present) && new FileInfo(present).LinkTarget is null)
        {
            return !isWhole ? [] : isFolder ? LocalFiles.Of(present) : [new LocalFile(file.Name[..^Extension.Length], present, new FileInfo(present).Length)];
        }

        string[] caches = [.. CachesAbove(file.Path)];
        if (!isFolder)
        {
            return [Cached(caches, digest, file.Name[..^Extension.Length], file)];
        }

        string folder = isWhole ? "" : file.Name[..^Extension.Length] + "/";
        return [.. ReadList(Cached(caches, digest + ".dir", file.Name, file)).Select(entry => Cached(caches, entry.Digest, folder + entry.Name, file))];
    }

    private static LocalFile Cached(string[] caches, string digest, string name, LocalFile pointer)
    {
        string below = Path.Combine(digest[..2], digest[2..]);
        string? content = caches.SelectMany(cache => (string[])[Path.Combine(cache, "files", "md5", below), Path.Combine(cache, below)]).FirstOrDefault(File.Exists);
        return content is not null
            ? new LocalFile(name, content, new FileInfo(content).Length)
            : throw new CliException(ExitCode.BadInput, $"'{pointer.Name}' is a DVC file and its content {digest} is not in the local cache: run 'dvc pull' first");
    }

    // https://dvc.org/doc/user-guide/project-structure/internal-files#structure-of-the-cache-directory
    private static List<(string Digest, string Name)> ReadList(LocalFile list)
    {
        if (list.Length > MaxListBytes)
        {
            throw Damaged(list, $"has more than {MaxListBytes} bytes");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(list.Path), new JsonDocumentOptions { MaxDepth = 8 });
            List<(string, string)> entries = [];
            foreach (JsonElement entry in document.RootElement.EnumerateArray())
            {
                string digest = entry.GetProperty("md5").GetString() ?? "";
                string name = entry.GetProperty("relpath").GetString() ?? "";
                if (!Md5().IsMatch(digest) || !ArtifactPath.IsValid(name))
                {
                    throw Damaged(list, "names a file that is none");
                }

                entries.Add((digest, name));
                if (entries.Count > ModelManifest.MaxFiles)
                {
                    throw Damaged(list, $"has more than {ModelManifest.MaxFiles} files");
                }
            }

            return entries.Count > 0 ? entries : throw Damaged(list, "is empty");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Damaged(list, "can't be read");
        }
    }

    // The nearest working copy first; one without DVC of its own may lie in one that has it.
    private static IEnumerable<string> CachesAbove(string path)
    {
        for (DirectoryInfo? folder = new FileInfo(path).Directory; folder is not null; folder = folder.Parent)
        {
            string dvc = Path.Combine(folder.FullName, ".dvc");
            if (Directory.Exists(dvc))
            {
                yield return ConfiguredCache(Path.Combine(dvc, "config.local")) ?? ConfiguredCache(Path.Combine(dvc, "config")) ?? Path.Combine(dvc, "cache");
            }
        }
    }

    // `dir` in the section `cache`; relative to the file that says it.
    private static string? ConfiguredCache(string config)
    {
        string section = "";
        foreach (string line in File.Exists(config) ? File.ReadLines(config).Take(1000) : [])
        {
            string text = line.Trim();
            if (text.StartsWith('['))
            {
                section = text.Trim('[', ']', ' ');
            }
            else if (section == "cache" && text.Split('=', 2, StringSplitOptions.TrimEntries) is ["dir", { Length: > 0 } folder])
            {
                return Path.GetFullPath(folder.Trim('\'', '"'), Path.GetDirectoryName(config)!);
            }
        }

        return null;
    }

    private static CliException Damaged(LocalFile list, string why) => new(ExitCode.BadInput, $"'{list.Name}': the list of its folder in DVC's cache {why}: run 'dvc pull' again");

    [GeneratedRegex("^[-\\s]*md5:\\s*'?([0-9a-fA-F]{32})(\\.dir)?'?\\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.CultureInvariant)]
    private static partial Regex Md5();
}
