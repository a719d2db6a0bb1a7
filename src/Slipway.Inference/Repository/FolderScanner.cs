using System.Globalization;
using System.IO.Enumeration;
using Slipway.Core;

namespace Slipway.Inference.Repository;

/// <summary>
/// Looks at a models folder once: <c>NAME.ext</c>, <c>NAME/model.ext</c>, <c>NAME/VERSION/…</c>. Names that begin with a dot are passed over. What is wrong
/// with one model is said in its listing.
/// </summary>
internal sealed class FolderScanner(FolderModelSourceOptions options)
{
    /// <summary>Most files in a version.</summary>
    public const int MaxFiles = 10_000;

    private const int MaxDepth = 8;

    private static readonly string[] ConfigNames = ["config.pbtxt", "model.yaml"];
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>All models, by name.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> when the models folder can't be read.</exception>
    public IReadOnlyDictionary<string, ModelListing> Scan()
    {
        Dictionary<string, ModelListing> models = new(StringComparer.Ordinal);
        string? root = RealPath.Of(options.Path);
        if (root is null || !Directory.Exists(root))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "the models folder does not exist");
        }

        string folder = RealPath.ThroughKubernetesLink(root);
        foreach (Entry entry in Entries(folder))
        {
            ModelListing? model = Read(root, folder, entry);
            if (model is null)
            {
                continue;
            }

            models[model.Name] = models.TryGetValue(model.Name, out ModelListing? other)
                ? other with { Problem = $"two things are named '{model.Name}': a file and a folder, or two files" }
                : model;
        }

        return models;
    }

    private ModelListing? Read(string root, string folder, Entry entry)
    {
        string name = entry.IsFolder ? entry.Name : Path.GetFileNameWithoutExtension(entry.Name);
        if (!entry.IsFolder && !IsModelFile(entry.Name))
        {
            return null;
        }

        if (!ModelNames.IsValid(name))
        {
            return new ModelListing(name, null, [], []) { Problem = "the name can't be a model's: no control characters, ':', '\\', nor white space at its ends" };
        }

        try
        {
            if (Resolve(Path.Combine(folder, entry.Name), entry.IsLink, root) is not { } real)
            {
                return new ModelListing(name, null, [], []) { Problem = LinkRefused };
            }

            return entry.IsFolder ? ReadFolder(name, root, real) : ReadFile(name, real, entry);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new ModelListing(name, null, [], []) { Problem = $"the folder can't be read: {PlainFile.Reason(fault)}" };
        }
    }

    private const string LinkRefused = "a symbolic link that leaves the models folder, or leads nowhere, is not followed";

    private static ModelListing ReadFile(string name, string real, Entry entry)
    {
        FileInfo file = new(real);
        ListedFile listed = new(file.Name, file.Length, file.LastWriteTimeUtc);
        VersionListing version = new(1, file.DirectoryName!, file.Name, [listed], entry.IsLink && entry.Modified > listed.Modified ? entry.Modified : listed.Modified);
        return new ModelListing(name, null, [version], []);
    }

    private ModelListing ReadFolder(string name, string root, string real)
    {
        string folder = RealPath.ThroughKubernetesLink(real);
        Entry[] entries = [.. Entries(folder)];
        List<ListedFile> config = [.. entries.Where(static entry => !entry.IsFolder && ConfigNames.Contains(entry.Name)).Select(static entry => entry.AsFile())];
        (long Number, Entry Entry)[] numbered =
            [.. entries.Where(static entry => entry.IsFolder).Select(static entry => (ParseNumber(entry.Name), entry)).Where(static pair => pair.Item1 >= 0)];
        bool hasModelFile = entries.Any(entry => !entry.IsFolder && IsMainFile(entry.Name));
        if (numbered.Length == 0)
        {
            return new ModelListing(name, folder, hasModelFile ? [ReadVersion(1, folder, isModelFolder: true)] : [], config);
        }

        List<VersionListing> versions = [];
        string? problem = null;
        foreach (IGrouping<long, (long Number, Entry Entry)> group in numbered.GroupBy(static pair => pair.Number).OrderBy(static group => group.Key))
        {
            if (group.Count() > 1)
            {
                problem = $"folders {string.Join(" and ", group.Select(static pair => $"'{pair.Entry.Name}'"))} are the same version {group.Key}";
                continue;
            }

            Entry entry = group.Single().Entry;
            if (Resolve(Path.Combine(folder, entry.Name), entry.IsLink, root) is { } version)
            {
                versions.Add(ReadVersion(group.Key, RealPath.ThroughKubernetesLink(version), isModelFolder: false));
            }
            else
            {
                problem = $"version {group.Key}: {LinkRefused}";
            }
        }

        return new ModelListing(name, folder, versions, config)
        {
            Problem = problem,
            Notices = hasModelFile ? ["a model file beside version folders is not served: move it into one of them"] : [],
        };
    }

    private VersionListing ReadVersion(long number, string folder, bool isModelFolder)
    {
        List<ListedFile> files = [];
        DateTime newest = Directory.GetLastWriteTimeUtc(folder);
        Stack<(string Prefix, int Depth)> open = new([("", 0)]);
        while (open.TryPop(out (string Prefix, int Depth) next))
        {
            foreach (Entry entry in Entries(Path.Combine(folder, next.Prefix)))
            {
                newest = entry.Modified > newest ? entry.Modified : newest;
                string name = next.Prefix + entry.Name;
                if (isModelFolder && ConfigNames.Contains(name))
                {
                    continue;
                }

                // A link is listed as a file, so that opening it says what is wrong with it.
                if (!entry.IsFolder || entry.IsLink)
                {
                    files.Add(entry.AsFile() with { Name = name });
                }
                else if (next.Depth < MaxDepth)
                {
                    open.Push((name + "/", next.Depth + 1));
                }

                if (files.Count > MaxFiles)
                {
                    throw new IOException($"more than {MaxFiles} files");
                }
            }
        }

        files.Sort(static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        string[] mains = [.. files.Select(static file => file.Name).Where(IsMainFile).Take(2)];
        return new VersionListing(number, folder, mains.Length == 1 ? mains[0] : null, files, newest);
    }

    private bool IsMainFile(string name) => name == "saved_model.pb" || (Path.GetFileNameWithoutExtension(name) == "model" && IsModelFile(name));

    private bool IsModelFile(string name) => options.Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private string? Resolve(string path, bool isLink, string root) => (isLink, options.Links) switch
    {
        (false, _) => path,
        (true, FolderLinks.Never) => null,
        _ => RealPath.Of(path) is { } real && (options.Links == FolderLinks.Anywhere || RealPath.IsWithin(real, root)) ? real : null,
    };

    // Version folders are digits only; leading zeros are allowed, as in TensorFlow Serving.
    private static long ParseNumber(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    private static FileSystemEnumerable<Entry> Entries(string folder) => new(folder, Entry.From, Everything)
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => entry.FileName[0] != '.',
    };

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink, long Length, DateTime Modified)
    {
        public static Entry From(ref FileSystemEntry entry) => new(
            entry.FileName.ToString(),
            entry.IsDirectory,
            (entry.Attributes & FileAttributes.ReparsePoint) != 0,
            entry.IsDirectory ? 0 : entry.Length,
            entry.LastWriteTimeUtc.UtcDateTime);

        public ListedFile AsFile() => new(Name, Length, Modified);
    }
}
