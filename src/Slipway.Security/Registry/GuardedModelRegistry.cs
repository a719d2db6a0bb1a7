using Slipway.Core;

namespace Slipway.Security.Registry;

/// <summary>The registry as the caller may see and change it, by names of models; see <see cref="RegistryRights"/> for the rule.</summary>
internal sealed class GuardedModelRegistry(IModelRegistry inner, ITrackingStore tracking, RegistryRights rights) : IModelRegistry
{
    /// <inheritdoc/>
    public async Task<RegisteredModel> CreateModelAsync(
        string name, string? description, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, name);
        return await inner.CreateModelAsync(name, description, tags, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(name);
        return await inner.FindModelAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RegisteredModel> RenameModelAsync(string name, string newName, ChangeContext change, CancellationToken cancellationToken)
    {
        // What answers under a name is traffic: taking it away and giving it are both a deployer's.
        await rights.RequireAsync(Permission.DeployModels, name);
        await rights.RequireAsync(Permission.DeployModels, newName);
        return await inner.RenameModelAsync(name, newName, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RegisteredModel> DescribeModelAsync(string name, string? description, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, name);
        return await inner.DescribeModelAsync(name, description, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SetModelTagAsync(string name, string key, string? value, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, name);
        await inner.SetModelTagAsync(name, key, value, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteModelAsync(string name, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.DeleteRegistry, name);
        await inner.DeleteModelAsync(name, change, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SearchPage<RegisteredModel>> SearchModelsAsync(SearchQuery query, CancellationToken cancellationToken) => RegistryRights.IsNarrow
        ? RegistryRights.FilterAsync(query, asked => inner.SearchModelsAsync(asked, cancellationToken), static model => RegistryRights.Sees(model.Name))
        : inner.SearchModelsAsync(query, cancellationToken);

    /// <inheritdoc/>
    public async Task<ModelVersion> CreateVersionAsync(NewModelVersion version, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, version.Model);
        return await inner.CreateVersionAsync(version, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion?> FindVersionAsync(string model, long number, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(model);
        return await inner.FindVersionAsync(model, number, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion?> FindVersionByAliasAsync(string model, string alias, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(model);
        return await inner.FindVersionByAliasAsync(model, alias, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ModelVersion>> GetLatestVersionsAsync(string model, IReadOnlyList<string> stages, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(model);
        return await inner.GetLatestVersionsAsync(model, stages, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion> DescribeVersionAsync(string model, long number, string? description, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, model);
        return await inner.DescribeVersionAsync(model, number, description, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SetVersionTagAsync(string model, long number, string key, string? value, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, model);
        await inner.SetVersionTagAsync(model, number, key, value, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion> SetStageAsync(
        string model, long number, string stage, bool archiveOthers, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.DeployModels, model);
        return await inner.SetStageAsync(model, number, stage, archiveOthers, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion> ApproveAsync(string model, long number, string? comment, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.ApproveVersions, model);
        return await inner.ApproveAsync(model, number, comment, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteVersionAsync(string model, long number, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.DeleteRegistry, model);
        await inner.DeleteVersionAsync(model, number, change, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SearchPage<ModelVersion>> SearchVersionsAsync(SearchQuery query, CancellationToken cancellationToken) => RegistryRights.IsNarrow
        ? RegistryRights.FilterAsync(query, asked => inner.SearchVersionsAsync(asked, cancellationToken), static version => RegistryRights.Sees(version.Model))
        : inner.SearchVersionsAsync(query, cancellationToken);

    /// <inheritdoc/>
    public async Task<long?> SetAliasAsync(
        string model, string alias, long number, AliasExpectation expected, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.DeployModels, model);
        return await inner.SetAliasAsync(model, alias, number, expected, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAliasAsync(string model, string alias, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.DeployModels, model);
        return await inner.DeleteAliasAsync(model, alias, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelHistory?> GetHistoryAsync(string model, DateTimeOffset time, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(model);
        return await inner.GetHistoryAsync(model, time, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RegistryEvent>> GetEventsAsync(string? model, long after, int limit, CancellationToken cancellationToken)
    {
        if (model is not null)
        {
            await rights.RequireVisibleAsync(model);
        }

        if (!RegistryRights.IsNarrow)
        {
            return await inner.GetEventsAsync(model, after, limit, cancellationToken);
        }

        // Whoever follows goes on after the last event that it was given: an empty answer says that there are no more.
        while (true)
        {
            IReadOnlyList<RegistryEvent> events = await inner.GetEventsAsync(model, after, limit, cancellationToken);
            RegistryEvent[] seen = [.. events.Where(static change => change.Model is { } name && RegistryRights.Sees(name))];
            if (seen.Length > 0 || events.Count < limit)
            {
                return seen;
            }

            after = events[^1].Sequence;
        }
    }

    /// <inheritdoc/>
    public async Task<VersionLineage> GetLineageAsync(string model, long number, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(model);
        VersionLineage lineage = await inner.GetLineageAsync(model, number, cancellationToken);
        if (!RegistryRights.IsNarrow)
        {
            return lineage;
        }

        bool showsRun = lineage.Run is { } run && await tracking.FindExperimentAsync(run.ExperimentId, cancellationToken) is not null;
        return lineage with
        {
            Run = showsRun ? lineage.Run : null,
            Datasets = showsRun ? lineage.Datasets : [],
            Parent = lineage.Parent is { } parent && RegistryRights.Sees(parent.Model) ? parent : null,
            Children = Visible(lineage.Children),
            SameData = Visible(lineage.SameData),
            SameContent = Visible(lineage.SameContent),
        };
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<long> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    private static ModelVersion[] Visible(IReadOnlyList<ModelVersion> versions) => [.. versions.Where(static version => RegistryRights.Sees(version.Model))];
}
