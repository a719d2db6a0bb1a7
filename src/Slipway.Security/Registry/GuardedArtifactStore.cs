using Slipway.Core;

namespace Slipway.Security.Registry;

/// <summary>
/// Artifacts as the caller may see and change them. The first folder of an artifact's name is the experiment that it belongs to, whose name governs it; what lies elsewhere is for
/// those alone who may do this with everything.
/// </summary>
internal sealed class GuardedArtifactStore(IArtifactStore inner, ITrackingStore tracking, RegistryRights rights) : IArtifactStore
{
    private const string Elsewhere = "*";

    /// <inheritdoc/>
    public async Task<ArtifactFile> PutAsync(string path, Stream content, ChangeContext change, CancellationToken cancellationToken)
    {
        await RequireAsync(Permission.WriteRegistry, path, cancellationToken);
        return await inner.PutAsync(path, content, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ArtifactFile?> FindAsync(string path, CancellationToken cancellationToken) =>
        await SeesAsync(path, cancellationToken) ? await inner.FindAsync(path, cancellationToken) : null;

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) => await SeesAsync(path, cancellationToken)
        ? await inner.OpenReadAsync(path, cancellationToken)
        : throw Missing(path);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        if (!RegistryRights.IsNarrow)
        {
            return await inner.ListAsync(folder, cancellationToken);
        }

        if (folder.Length > 0)
        {
            return await SeesAsync(folder, cancellationToken) ? await inner.ListAsync(folder, cancellationToken) : [];
        }

        List<ArtifactEntry> visible = [];
        foreach (ArtifactEntry entry in await inner.ListAsync(folder, cancellationToken))
        {
            if (entry.File is null && await SeesAsync(entry.Name, cancellationToken))
            {
                visible.Add(entry);
            }
        }

        return visible;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArtifactFile>> ListFilesAsync(string folder, CancellationToken cancellationToken) => await SeesAsync(folder, cancellationToken)
        ? await inner.ListFilesAsync(folder, cancellationToken)
        : throw Missing(folder);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string path, ChangeContext change, CancellationToken cancellationToken)
    {
        await RequireAsync(Permission.DeleteRegistry, path, cancellationToken);
        return await inner.DeleteAsync(path, change, cancellationToken);
    }

    private async ValueTask<bool> SeesAsync(string path, CancellationToken cancellationToken) =>
        !RegistryRights.IsNarrow || (await ExperimentOfAsync(path, cancellationToken) is { } experiment && RegistryRights.Sees(experiment.Name));

    private async ValueTask RequireAsync(Permission permission, string path, CancellationToken cancellationToken)
    {
        if (!RegistryRights.IsNarrow && RegistryRights.MayEverywhere(permission))
        {
            return;
        }

        // An experiment that is not the caller's and one that is not there are the same to it.
        await rights.RequireAsync(permission, await ExperimentOfAsync(path, cancellationToken) is { } experiment ? experiment.Name : Elsewhere);
    }

    private async ValueTask<Experiment?> ExperimentOfAsync(string path, CancellationToken cancellationToken)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return await tracking.FindExperimentAsync(slash < 0 ? path : path[..slash], cancellationToken);
    }

    private static SlipwayException Missing(string path) => new(ErrorCode.NotFound, $"there is no artifact '{path}'");
}
