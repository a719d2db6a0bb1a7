using Slipway.Core;

namespace Slipway.Security.Registry;

/// <summary>
/// Experiments, runs and logged models as the caller may see and change them: by the name of the experiment, to which runs and logged models belong. See <see cref="RegistryRights"/>
/// for the rule.
/// </summary>
internal sealed class GuardedTrackingStore(ITrackingStore inner, RegistryRights rights) : ITrackingStore
{
    private readonly ExperimentNames _names = new(inner, rights);

    /// <inheritdoc/>
    public async Task<Experiment> CreateExperimentAsync(
        string name, string? artifactLocation, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken)
    {
        await rights.RequireAsync(Permission.WriteRegistry, name);
        return await inner.CreateExperimentAsync(name, artifactLocation, tags, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Experiment?> FindExperimentAsync(string id, CancellationToken cancellationToken) =>
        await inner.FindExperimentAsync(id, cancellationToken) is { } experiment && RegistryRights.Sees(experiment.Name) ? experiment : null;

    /// <inheritdoc/>
    public async Task<Experiment?> FindExperimentByNameAsync(string name, CancellationToken cancellationToken)
    {
        await rights.RequireVisibleAsync(name);
        return await inner.FindExperimentByNameAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SearchPage<Experiment>> SearchExperimentsAsync(SearchQuery query, CancellationToken cancellationToken) => RegistryRights.IsNarrow
        ? RegistryRights.FilterAsync(query, asked => inner.SearchExperimentsAsync(asked, cancellationToken), static experiment => RegistryRights.Sees(experiment.Name))
        : inner.SearchExperimentsAsync(query, cancellationToken);

    /// <inheritdoc/>
    public async Task RenameExperimentAsync(string id, string newName, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireAsync(Permission.WriteRegistry, id, cancellationToken);
        await rights.RequireAsync(Permission.WriteRegistry, newName);
        await inner.RenameExperimentAsync(id, newName, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SetExperimentDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireAsync(Permission.DeleteRegistry, id, cancellationToken);
        await inner.SetExperimentDeletedAsync(id, deleted, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SetExperimentTagAsync(string id, string key, string? value, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireAsync(Permission.WriteRegistry, id, cancellationToken);
        await inner.SetExperimentTagAsync(id, key, value, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<TrackedRun> CreateRunAsync(NewRun run, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireAsync(Permission.WriteRegistry, run.ExperimentId, cancellationToken);
        return await inner.CreateRunAsync(run, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<TrackedRun?> FindRunAsync(string id, CancellationToken cancellationToken) =>
        await inner.FindRunAsync(id, cancellationToken) is { } run && await _names.SeesAsync(run.ExperimentId, cancellationToken) ? run : null;

    /// <inheritdoc/>
    public async Task<TrackedRun> UpdateRunAsync(
        string id, RunStatus? status, long? endTime, string? name, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.WriteRegistry, id, cancellationToken);
        return await inner.UpdateRunAsync(id, status, endTime, name, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SetRunDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.DeleteRegistry, id, cancellationToken);
        await inner.SetRunDeletedAsync(id, deleted, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task LogBatchAsync(string runId, RunBatch batch, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.WriteRegistry, runId, cancellationToken);

        // Metrics of a logged model are written to it as well, whatever experiment it belongs to.
        foreach (string model in batch.Metrics.Select(static point => point.ModelId).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await _names.RequireOfModelAsync(Permission.WriteRegistry, model, cancellationToken);
        }

        await inner.LogBatchAsync(runId, batch, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteRunTagAsync(string runId, string key, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.WriteRegistry, runId, cancellationToken);
        await inner.DeleteRunTagAsync(runId, key, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task LogInputsAsync(
        string runId, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<string> modelIds, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.WriteRegistry, runId, cancellationToken);
        await inner.LogInputsAsync(runId, datasets, modelIds, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task LogOutputsAsync(string runId, IReadOnlyList<LoggedModelOutput> models, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.WriteRegistry, runId, cancellationToken);
        await inner.LogOutputsAsync(runId, models, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SearchPage<TrackedRun>> SearchRunsAsync(SearchQuery query, CancellationToken cancellationToken) =>
        await NarrowAsync(query, cancellationToken) is { } asked ? await inner.SearchRunsAsync(asked, cancellationToken) : new SearchPage<TrackedRun>([], null);

    /// <inheritdoc/>
    public async Task<SearchPage<MetricPoint>> GetMetricHistoryAsync(string runId, string key, int maxResults, string? pageToken, CancellationToken cancellationToken)
    {
        await _names.RequireOfRunAsync(Permission.ReadRegistry, runId, cancellationToken);
        return await inner.GetMetricHistoryAsync(runId, key, maxResults, pageToken, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MetricPoint>> GetMetricHistoriesAsync(
        IReadOnlyList<string> runIds, string key, long? startStep, long? endStep, int maxResults, CancellationToken cancellationToken)
    {
        foreach (string run in runIds)
        {
            await _names.RequireOfRunAsync(Permission.ReadRegistry, run, cancellationToken);
        }

        return await inner.GetMetricHistoriesAsync(runIds, key, startStep, endStep, maxResults, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DatasetSummary>> SearchDatasetsAsync(IReadOnlyList<string> experimentIds, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> visible = await _names.VisibleAsync(experimentIds, cancellationToken);
        return visible.Count > 0 || !RegistryRights.IsNarrow ? await inner.SearchDatasetsAsync(visible, cancellationToken) : [];
    }

    /// <inheritdoc/>
    public async Task<LoggedModel> CreateLoggedModelAsync(NewLoggedModel model, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireAsync(Permission.WriteRegistry, model.ExperimentId, cancellationToken);
        return await inner.CreateLoggedModelAsync(model, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LoggedModel?> FindLoggedModelAsync(string id, CancellationToken cancellationToken) =>
        await inner.FindLoggedModelAsync(id, cancellationToken) is { } model && await _names.SeesAsync(model.ExperimentId, cancellationToken) ? model : null;

    /// <inheritdoc/>
    public async Task<LoggedModel> SetLoggedModelStatusAsync(
        string id, LoggedModelStatus status, string? message, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfModelAsync(Permission.WriteRegistry, id, cancellationToken);
        return await inner.SetLoggedModelStatusAsync(id, status, message, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LoggedModel> SetLoggedModelTagsAsync(
        string id, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfModelAsync(Permission.WriteRegistry, id, cancellationToken);
        return await inner.SetLoggedModelTagsAsync(id, tags, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteLoggedModelTagAsync(string id, string key, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfModelAsync(Permission.WriteRegistry, id, cancellationToken);
        await inner.DeleteLoggedModelTagAsync(id, key, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<LoggedModel> LogModelParametersAsync(
        string id, IReadOnlyDictionary<string, string> parameters, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfModelAsync(Permission.WriteRegistry, id, cancellationToken);
        return await inner.LogModelParametersAsync(id, parameters, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteLoggedModelAsync(string id, ChangeContext change, CancellationToken cancellationToken)
    {
        await _names.RequireOfModelAsync(Permission.DeleteRegistry, id, cancellationToken);
        await inner.DeleteLoggedModelAsync(id, change, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SearchPage<LoggedModel>> SearchLoggedModelsAsync(SearchQuery query, IReadOnlyList<DatasetReference> datasets, CancellationToken cancellationToken) =>
        await NarrowAsync(query, cancellationToken) is { } asked ? await inner.SearchLoggedModelsAsync(asked, datasets, cancellationToken) : new SearchPage<LoggedModel>([], null);

    // Null when none of the experiments that were asked for is the caller's: no experiments could mean all of them to a store.
    private async ValueTask<SearchQuery?> NarrowAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (!RegistryRights.IsNarrow)
        {
            return query;
        }

        IReadOnlyList<string> visible = await _names.VisibleAsync(query.ExperimentIds, cancellationToken);
        return visible.Count > 0 ? query with { ExperimentIds = visible } : null;
    }
}
