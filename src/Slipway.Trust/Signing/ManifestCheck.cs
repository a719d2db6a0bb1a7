using Slipway.Core;

namespace Slipway.Trust.Signing;

/// <summary>Compares the files of a model with a manifest whose signature holds (OpenSSF Model Signing v1.0, section 8.4).</summary>
/// <param name="manifest">What was signed.</param>
public sealed class ManifestCheck(SignedManifest manifest)
{
    private const int MostNamed = 5;

    /// <summary>Further paths that are passed over though nobody signed them; the signature itself where it lies among the files. Relative, each stands for all below it.</summary>
    public IReadOnlyList<string> IgnorePaths { get; init; } = [];

    /// <summary>Whether files that nobody signed are passed over. Default false: they fail.</summary>
    public bool IgnoreUnsignedFiles { get; init; }

    /// <summary>Where the bytes of a file go while they are hashed; null: nowhere. The check disposes the stream, also when the file is refused.</summary>
    public Func<ContentFile, Stream?>? CopyTo { get; init; }

    /// <summary>Reads every file of the manifest and compares.</summary>
    /// <returns>Names of the files that were signed and are as they were.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, naming the files that are missing, altered or not signed.</exception>
    public async ValueTask<IReadOnlyList<string>> RunAsync(IReadOnlyList<ContentFile> files, CancellationToken cancellationToken)
    {
        Dictionary<string, ContentFile> present = Index(files);
        Dictionary<string, List<ManifestResource>> signed = GroupByFile(files);

        // 1. Names first: they cost nothing.
        Refuse("is missing", "are missing", [.. signed.Where(pair => !present.ContainsKey(pair.Key)).Select(static pair => pair.Key)]);
        if (!IgnoreUnsignedFiles)
        {
            Refuse("is not in the signed manifest", "are not in the signed manifest", [.. present.Keys.Where(name => !signed.ContainsKey(name) && !IsIgnored(name, present[name]))]);
        }

        // 2. Then the bytes of every file that was signed, in the order of their names.
        List<string> checkedFiles = [];
        foreach ((string name, List<ManifestResource> resources) in signed.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            await CheckAsync(present[name], resources, cancellationToken);
            checkedFiles.Add(name);
        }

        return checkedFiles;
    }

    private static Dictionary<string, ContentFile> Index(IReadOnlyList<ContentFile> files)
    {
        Dictionary<string, ContentFile> present = new(StringComparer.Ordinal);
        foreach (ContentFile file in files)
        {
            if (ResourceNames.Problem(file.Name) is { } problem)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"file '{ResourceNames.Show(file.Name)}': its name {problem}");
            }

            if (!present.TryAdd(file.Name, file))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"file '{ResourceNames.Show(file.Name)}' is there twice");
            }
        }

        return present;
    }

    private Dictionary<string, List<ManifestResource>> GroupByFile(IReadOnlyList<ContentFile> files)
    {
        Dictionary<string, List<ManifestResource>> groups = new(StringComparer.Ordinal);
        foreach (ManifestResource resource in manifest.Resources)
        {
            string path = resource.Path == "." && files.Count == 1 ? files[0].Name : resource.Path;
            if (!groups.TryGetValue(path, out List<ManifestResource>? group))
            {
                groups.Add(path, group = []);
            }

            group.Add(resource);
        }

        return groups;
    }

    // A file without bytes has no shards, and so no place in a manifest of shards.
    private bool IsIgnored(string name, ContentFile file) =>
        ResourceNames.IsIgnored(name, SignedManifest.DefaultIgnores)
        || ResourceNames.IsIgnored(name, manifest.IgnorePaths)
        || ResourceNames.IsIgnored(name, IgnorePaths)
        || (manifest.ShardSize is not null && file.Length == 0);

    private async ValueTask CheckAsync(ContentFile file, List<ManifestResource> resources, CancellationToken cancellationToken)
    {
        resources.Sort(static (x, y) => x.Start.CompareTo(y.Start));
        (long Start, long End)[] parts = [.. resources.Select(resource => (resource.Start, resource.End ?? file.Length))];
        for (int i = 0; i < parts.Length; i++)
        {
            long expected = i == 0 ? 0 : parts[i - 1].End;
            if (parts[i].Start != expected)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"the signed manifest does not speak for all of '{ResourceNames.Show(file.Name)}'");
            }
        }

        if (parts[^1].End != file.Length)
        {
            throw Altered(file.Name);
        }

        await using Stream? copy = CopyTo?.Invoke(file);
        string[] digests = await ContentHasher.HashAsync(file, parts, copy, cancellationToken);
        for (int i = 0; i < digests.Length; i++)
        {
            if (digests[i] != resources[i].Sha256)
            {
                throw Altered(file.Name);
            }
        }
    }

    private static SlipwayException Altered(string name) =>
        new(ErrorCode.InvalidModel, $"file '{ResourceNames.Show(name)}' is not as it was signed: its content has changed");

    private static void Refuse(string one, string many, List<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        names.Sort(StringComparer.Ordinal);
        string shown = string.Join(", ", names.Take(MostNamed).Select(static name => $"'{ResourceNames.Show(name)}'"));
        string more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
        throw new SlipwayException(ErrorCode.InvalidModel, names.Count == 1 ? $"file {shown} {one}" : $"files {shown}{more} {many}");
    }
}
