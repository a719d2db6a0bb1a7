using System.Globalization;
using Slipway.Core;

namespace Slipway.Mlflow.Artifacts;

/// <summary>
/// Files of versions under names of the artifact proxy, as they were frozen: <c>registry-versions/NAME/NUMBER/PATH</c>. So clients find the files of versions that came another way than
/// through MLflow. Read-only, and nothing is listed above a version.
/// </summary>
internal sealed class VersionFolders(IModelRegistry registry, IBlobStore blobs)
{
    private const string Root = "registry-versions";
    private const int Parts = 4;

    /// <summary>Where clients find the files of a version.</summary>
    public static string LocationOf(ModelVersion version) => string.Create(CultureInfo.InvariantCulture, $"mlflow-artifacts:/{Root}/{version.Model}/{version.Number}");

    /// <summary>Whether a name of the artifact proxy is one of these.</summary>
    public static bool Holds(string path) => path == Root || path.StartsWith(Root + "/", StringComparison.Ordinal);

    /// <summary>What lies directly in a folder; nothing when it is none.</summary>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAsync(string folder, CancellationToken cancellation)
    {
        (ModelVersion? version, string below) = await FindAsync(folder, cancellation);
        Dictionary<string, ArtifactEntry> entries = new(StringComparer.Ordinal);
        string prefix = below.Length > 0 ? below + "/" : "";
        foreach (ArtifactFile file in version?.Manifest?.Files.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal)) ?? [])
        {
            string rest = file.Path[prefix.Length..];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            string name = slash < 0 ? rest : rest[..slash];
            entries[name] = new ArtifactEntry(name, slash < 0 ? file : null);
        }

        return [.. entries.Values];
    }

    /// <summary>Opens a file; null when there is none of that name.</summary>
    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        (ModelVersion? version, string below) = await FindAsync(path, cancellation);
        return version?.Manifest?.Files.FirstOrDefault(file => file.Path == below) is { } found ? await blobs.OpenReadAsync(found.Digest, cancellation) : null;
    }

    /// <summary>The version that a name is the folder of; null when it is none.</summary>
    public async Task<ModelVersion?> FindWholeAsync(string path, CancellationToken cancellation) =>
        await FindAsync(path, cancellation) is ({ } version, "") ? version : null;

    private async Task<(ModelVersion? Version, string Below)> FindAsync(string path, CancellationToken cancellation)
    {
        string[] parts = path.Split('/', Parts);
        return parts.Length >= Parts - 1 && parts[0] == Root && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? (await registry.FindVersionAsync(parts[1], number, cancellation), parts.Length == Parts ? parts[3] : "")
            : (null, "");
    }
}
