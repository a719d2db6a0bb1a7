using System.Globalization;
using Slipway.Inference.Repository.Files;

namespace Slipway.Inference.Repository;

/// <summary>Reads one entry of a models folder into a listing.</summary>
internal sealed class ModelFolderReader(PollOptions options)
{
    /// <summary>Most files in a version, or beside the versions of a model.</summary>
    public const int MaxFiles = 10_000;

    private const int MaxDepth = 8;
    private const string WarmupFolder = "warmup";
    private const string LinkRefused = "a symbolic link that leaves the models folder, or leads nowhere, is not followed";

    private readonly ModelFileKinds _kinds = new(options);

    /// <summary>The model that an entry is, or null when it is none.</summary>
    /// <param name="root">Real folder that links may not leave.</param>
    /// <param name="folder">Folder that the entry is in.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="footprint">Takes what the listing is made from.</param>
    /// <param name="before">That of the last look, from which versions are taken that have not changed.</param>
    public ModelListing? Read(string root, string folder, ListedEntry entry, Footprint footprint, Footprint? before)
    {
        if (!entry.IsFolder && !_kinds.IsModelFile(folder, entry.Name) && !LeadsNowhere(folder, entry))
        {
            return null;
        }

        string name = entry.IsFolder ? entry.Name : _kinds.ModelNameOf(entry.Name);
        if (!ModelNames.IsValid(name))
        {
            return Fault(name, "the name can't be a model's: no control characters, ':', '\\', nor white space at its ends");
        }

        try
        {
            if (entry.IsLink)
            {
                footprint.MarkUncertain();
            }

            if (Resolve(Path.Combine(folder, entry.Name), entry.IsLink, root) is not { } real)
            {
                return Fault(name, LinkRefused);
            }

            return entry.IsFolder ? ReadFolder(name, root, real, footprint, before) : ReadFile(name, real, entry, footprint);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            footprint.MarkUncertain();
            return Fault(name, $"the folder can't be read: {PlainFile.Reason(fault)}");
        }
    }

    /// <summary>Reads the version folders of a model whose folder is known.</summary>
    public ModelListing ReadFolder(string name, string root, string real, Footprint footprint, Footprint? before)
    {
        string folder = Through(real, footprint);
        footprint.AddFolder(folder, Directory.GetLastWriteTimeUtc(folder));
        ListedEntry[] entries = [.. ListedEntry.Of(folder).Take(MaxFiles + 1)];
        if (entries.Length > MaxFiles)
        {
            return Fault(name, $"more than {MaxFiles} entries in its folder");
        }

        (long Number, ListedEntry Entry)[] numbered =
            [.. entries.Where(entry => entry.IsFolder || LeadsNowhere(folder, entry)).Select(static entry => (Number: ParseNumber(entry.Name), entry)).Where(static pair => pair.Number >= 0)];
        bool hasModelFile = entries.Any(entry => !entry.IsFolder && (_kinds.IsModelFile(folder, entry.Name)
            || entry.Name is ModelFileNames.SavedModel or ModelFileNames.SavedModelText or ModelFileNames.MLmodel));
        if (numbered.Length == 0)
        {
            return new ModelListing(name, new ConfigListing(folder, ReadConfig(folder, entries, beside: false, footprint)), hasModelFile ? [ReadVersion(1, folder, isModelFolder: true, footprint, before)] : [])
            {
                NothingToServe = hasModelFile ? null : MissingModel.Expected,
                Notices = [.. hasModelFile ? (string[])[] : [MissingModel.Expected], .. MissingModel.NoticeAlmostVersions(entries)],
            };
        }

        List<VersionListing> versions = [];
        string? problem = null;
        foreach (IGrouping<long, (long Number, ListedEntry Entry)> group in numbered.GroupBy(static pair => pair.Number).OrderBy(static group => group.Key))
        {
            if (group.Count() > 1)
            {
                problem = $"folders {string.Join(" and ", group.Select(static pair => $"'{pair.Entry.Name}'").Order(StringComparer.Ordinal))} are the same version {group.Key}";
                continue;
            }

            ListedEntry entry = group.Single().Entry;
            if (entry.IsLink)
            {
                footprint.MarkUncertain();
            }

            try
            {
                if (Resolve(Path.Combine(folder, entry.Name), entry.IsLink, root) is { } version)
                {
                    versions.Add(ReadVersion(group.Key, Through(version, footprint), isModelFolder: false, footprint, before));
                }
                else
                {
                    problem = $"version {group.Key}: {LinkRefused}";
                }
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                footprint.MarkUncertain();
                problem = $"version {group.Key}: the folder can't be read: {PlainFile.Reason(fault)}";
            }
        }

        return new ModelListing(name, new ConfigListing(folder, ReadConfig(folder, entries, beside: true, footprint)), versions)
        {
            Problem = problem,
            Notices =
            [
                .. hasModelFile ? ["a model file beside version folders is not served: move it into one of them"] : (string[])[],
                .. MissingModel.NoticeAlmostVersions(entries),
            ],
        };
    }

    private static ModelListing ReadFile(string name, string real, ListedEntry entry, Footprint footprint)
    {
        FileInfo file = new(real);
        ListedFile listed = new(file.Name, file.Length, file.LastWriteTimeUtc);
        footprint.AddFile(real, listed.Length, listed.Modified);
        DateTime newest = entry.Modified > listed.Modified ? entry.Modified : listed.Modified;
        List<ListedFile> files = [listed];
        FileInfo signature = new(ModelFileNames.SignatureOf(real));
        if (signature.Exists)
        {
            files.Add(new ListedFile(signature.Name, signature.Length, signature.LastWriteTimeUtc));
            footprint.AddFile(signature.FullName, signature.Length, signature.LastWriteTimeUtc);
            newest = signature.LastWriteTimeUtc > newest ? signature.LastWriteTimeUtc : newest;
        }
        else
        {
            footprint.AddAbsent(signature.FullName);
        }

        return new ModelListing(name, null, [new VersionListing(1, file.DirectoryName!, file.Name, files, newest) { IsSingleFile = true }]);
    }

    // Beside version folders every file may be a label file; in a model's only folder the others belong to the version.
    private static List<ListedFile> ReadConfig(string folder, ListedEntry[] entries, bool beside, Footprint footprint)
    {
        List<ListedFile> files = [.. entries.Where(entry => !entry.IsFolder && (beside || ModelFileNames.IsConfig(entry.Name))).Select(static entry => entry.AsFile())];
        if (beside && entries.Any(static entry => entry is { IsFolder: true, IsLink: false, Name: WarmupFolder }))
        {
            string warmup = Path.Combine(folder, WarmupFolder);
            footprint.AddFolder(warmup, Directory.GetLastWriteTimeUtc(warmup));
            files.AddRange(ListedEntry.Of(warmup).Where(static entry => !entry.IsFolder).Take(MaxFiles)
                .Select(static entry => entry.AsFile() with { Name = $"{WarmupFolder}/{entry.Name}" }));
        }

        files.Sort(static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        foreach (ListedFile file in files)
        {
            footprint.AddFile(Path.Combine(folder, file.Name), file.Length, file.Modified);
        }

        return files;
    }

    private VersionListing ReadVersion(long number, string folder, bool isModelFolder, Footprint whole, Footprint? before)
    {
        if (whole.TakeVersion(before, number, folder) is { } unchanged)
        {
            return unchanged;
        }

        Footprint footprint = new(whole.TakenAt);
        List<ListedFile> files = [];
        DateTime newest = Directory.GetLastWriteTimeUtc(folder);
        footprint.AddFolder(folder, newest);
        Stack<(string Prefix, int Depth)> open = new([("", 0)]);
        while (open.TryPop(out (string Prefix, int Depth) next))
        {
            foreach (ListedEntry entry in ListedEntry.Of(Path.Combine(folder, next.Prefix)))
            {
                string name = next.Prefix + entry.Name;
                if (isModelFolder && ModelFileNames.IsConfig(name))
                {
                    continue;
                }

                newest = entry.Modified > newest ? entry.Modified : newest;

                // A link is listed as a file, so that opening it says what is wrong with it.
                if (!entry.IsFolder || entry.IsLink)
                {
                    files.Add(entry.AsFile() with { Name = name });
                    footprint.AddFile(Path.Combine(folder, name), entry.Length, entry.Modified);
                }
                else if (next.Depth < MaxDepth)
                {
                    open.Push((name + "/", next.Depth + 1));
                    footprint.AddFolder(Path.Combine(folder, name), entry.Modified);
                }
                else
                {
                    throw new IOException($"folders nested more than {MaxDepth} deep");
                }

                if (files.Count > MaxFiles)
                {
                    throw new IOException($"more than {MaxFiles} files");
                }
            }
        }

        files.Sort(static (x, y) => string.CompareOrdinal(x.Name, y.Name));
        VersionListing version = new(number, folder, ModelFileNames.FindMain(files, name => _kinds.IsModelFile(folder, name)), files, newest);
        whole.AddVersion(version, footprint);
        return version;
    }

    private static string Through(string folder, Footprint footprint)
    {
        string real = RealPath.ThroughKubernetesLink(folder);
        if (real != folder)
        {
            footprint.MarkUncertain();
        }

        return real;
    }

    // What it leads to may only be away for a moment: it is a problem, which keeps what is in service, and not nothing.
    private static bool LeadsNowhere(string folder, ListedEntry entry) => entry.IsLink && !entry.IsFolder && RealPath.Of(Path.Combine(folder, entry.Name)) is null;

    private string? Resolve(string path, bool isLink, string root) => (isLink, options.Links) switch
    {
        (false, _) => path,
        (true, FolderLinks.Never) => null,
        _ => RealPath.Of(path) is { } real && (options.Links == FolderLinks.Anywhere || RealPath.IsWithin(real, root)) ? real : null,
    };

    // Version folders are digits only; leading zeros are allowed, as in TensorFlow Serving.
    internal static long ParseNumber(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : -1;

    private static ModelListing Fault(string name, string problem) => new(name, null, []) { Problem = problem };
}
