using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Slipway.Core;
using Slipway.Inference.Configuration;

namespace Slipway.Server.Imports;

/// <summary>Reads the registered models of an MLflow file store: <c>mlruns/models/NAME/meta.yaml</c>, <c>version-N/meta.yaml</c>, <c>aliases/</c>, <c>tags/</c>, with files below <c>mlruns</c>.</summary>
public static class MlrunsImport
{
    private const int MaxMetaBytes = 1 << 20;
    private const int MaxFiles = 10_000;
    private const string VersionPrefix = "version-";

    /// <summary>The models of the store at <paramref name="path"/>: the folder <c>mlruns</c>, or the one that holds it.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>: it is none.</exception>
    public static IReadOnlyList<ImportedModel> Read(string path)
    {
        string root = Path.GetFullPath(Directory.Exists(Path.Combine(path, "mlruns")) ? Path.Combine(path, "mlruns") : path);
        string models = Path.Combine(root, "models");
        if (!Directory.Exists(models))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'{path}' has no folder 'models': the folder of an MLflow file store (mlruns) was expected");
        }

        return [.. Directory.EnumerateDirectories(models).Order(StringComparer.Ordinal).Where(static folder => File.Exists(Path.Combine(folder, "meta.yaml"))).Select(folder => ReadModel(root, folder))];
    }

    private static ImportedModel ReadModel(string root, string folder)
    {
        IReadOnlyDictionary<string, string> meta = ReadMeta(folder);
        string name = meta.GetValueOrDefault("name", Path.GetFileName(folder));
        List<ImportedVersion> versions = [];
        List<string> notices = [];
        foreach (string version in Directory.EnumerateDirectories(folder, VersionPrefix + "*"))
        {
            if (!long.TryParse(Path.GetFileName(version)[VersionPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            {
                continue;
            }

            IReadOnlyDictionary<string, string> facts = ReadMeta(version);
            if (FindFiles(root, facts) is { } source)
            {
                versions.Add(new ImportedVersion(number, [.. FilesOf(source)])
                {
                    Description = Given(facts, "description"),
                    Stage = Given(facts, "current_stage") is { } stage and not "None" ? stage : null,
                    RunId = Given(facts, "run_id"),
                    Tags = ReadTexts(Path.Combine(version, "tags")),
                });
            }
            else
            {
                notices.Add($"version {number} is not taken over: its files at '{facts.GetValueOrDefault("source", "?")}' are not below the folder");
            }
        }

        return new ImportedModel(name, [.. versions.OrderBy(static version => version.Number)])
        {
            Description = Given(meta, "description"),
            Tags = ReadTexts(Path.Combine(folder, "tags")),
            Aliases = ReadTexts(Path.Combine(folder, "aliases"))
                .Where(static alias => long.TryParse(alias.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .ToDictionary(static alias => alias.Key, static alias => long.Parse(alias.Value, CultureInfo.InvariantCulture)),
            Notices = notices,
        };
    }

    // Paths are absolute on the machine that wrote them: what counts is what follows the store's own folder.
    private static string? FindFiles(string root, IReadOnlyDictionary<string, string> facts)
    {
        foreach (string key in (string[])["storage_location", "source"])
        {
            string location = Given(facts, key) ?? "";
            location = location.StartsWith("file://", StringComparison.Ordinal) && Uri.TryCreate(location, UriKind.Absolute, out Uri? uri) ? uri.LocalPath : location;
            int at = location.LastIndexOf("mlruns/", StringComparison.Ordinal);
            if (at >= 0 && IsInside(root, Path.GetFullPath(Path.Combine(root, location[(at + 7)..])), out string? inside))
            {
                return inside;
            }

            if (location.StartsWith("models:/m-", StringComparison.Ordinal)
                && Directory.EnumerateDirectories(root).FirstOrDefault(experiment => IsInside(root, FolderOf(experiment, location), out _)) is { } found)
            {
                return FolderOf(found, location);
            }
        }

        return null;
    }

    private static string FolderOf(string experiment, string location) => Path.GetFullPath(Path.Combine(experiment, "models", location["models:/".Length..], "artifacts"));

    // What a stranger's file names must lie in the store, and be reached without links.
    private static bool IsInside(string root, string folder, [NotNullWhen(true)] out string? inside)
    {
        inside = null;
        if (!folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !Directory.Exists(folder))
        {
            return false;
        }

        for (DirectoryInfo? step = new(folder); step is not null && step.FullName.Length > root.Length; step = step.Parent)
        {
            if (step.LinkTarget is not null)
            {
                return false;
            }
        }

        inside = folder;
        return true;
    }

    private static IEnumerable<ImportedFile> FilesOf(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 32 })
        .Take(MaxFiles)
        .Select(path => new ImportedFile(Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), _ => Task.FromResult<Stream>(File.OpenRead(path))));

    private static string? Given(IReadOnlyDictionary<string, string> facts, string key) =>
        facts.TryGetValue(key, out string? value) && value.Length > 0 && value != "null" ? value : null;

    private static Dictionary<string, string> ReadTexts(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).ToDictionary(static path => Path.GetFileName(path), static path => ReadText(path).Trim())
        : [];

    // Only plain values count here; tags and aliases lie in files of their own.
    private static Dictionary<string, string> ReadMeta(string folder)
    {
        string path = Path.Combine(folder, "meta.yaml");
        if (!File.Exists(path))
        {
            return [];
        }

        return YamlText.TryParse(ReadText(path), out ConfigNode? root, out ConfigProblem? problem)
            ? root.Fields.Where(static field => field.Value.Kind == ConfigNodeKind.Scalar).ToDictionary(static field => field.Key, static field => field.Value.Text)
            : throw new SlipwayException(ErrorCode.InvalidModel, $"'{path}': {problem}");
    }

    private static string ReadText(string path) => new FileInfo(path).Length <= MaxMetaBytes
        ? File.ReadAllText(path)
        : throw new SlipwayException(ErrorCode.InvalidModel, $"'{path}' has more than {MaxMetaBytes} bytes");
}
