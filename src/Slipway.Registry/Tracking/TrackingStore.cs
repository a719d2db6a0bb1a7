using Slipway.Core;

namespace Slipway.Registry.Tracking;

/// <summary>Tracking over the database: each part in a class of its own.</summary>
internal sealed class TrackingStore(Experiments experiments, Runs runs, RunLog log, MetricHistory metrics, LoggedModels models) : ITrackingStore
{
    public Task<Experiment> CreateExperimentAsync(
        string name, string? artifactLocation, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken) =>
        experiments.CreateAsync(name, artifactLocation, tags, change, cancellationToken);

    public Task<Experiment?> FindExperimentAsync(string id, CancellationToken cancellationToken) => experiments.FindAsync(id, cancellationToken);

    public Task<Experiment?> FindExperimentByNameAsync(string name, CancellationToken cancellationToken) => experiments.FindByNameAsync(name, cancellationToken);

    public Task<SearchPage<Experiment>> SearchExperimentsAsync(SearchQuery query, CancellationToken cancellationToken) =>
        experiments.SearchAsync(query, cancellationToken);

    public Task RenameExperimentAsync(string id, string newName, ChangeContext change, CancellationToken cancellationToken) =>
        experiments.RenameAsync(id, newName, change, cancellationToken);

    public Task SetExperimentDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken) =>
        experiments.SetDeletedAsync(id, deleted, change, cancellationToken);

    public Task SetExperimentTagAsync(string id, string key, string? value, ChangeContext change, CancellationToken cancellationToken) =>
        experiments.SetTagAsync(id, key, value, change, cancellationToken);

    public Task<TrackedRun> CreateRunAsync(NewRun run, ChangeContext change, CancellationToken cancellationToken) => runs.CreateAsync(run, change, cancellationToken);

    public Task<TrackedRun?> FindRunAsync(string id, CancellationToken cancellationToken) => runs.FindAsync(id, cancellationToken);

    public Task<TrackedRun> UpdateRunAsync(
        string id, RunStatus? status, long? endTime, string? name, ChangeContext change, CancellationToken cancellationToken) =>
        runs.UpdateAsync(id, status, endTime, name, change, cancellationToken);

    public Task SetRunDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken) =>
        runs.SetDeletedAsync(id, deleted, change, cancellationToken);

    public Task LogBatchAsync(string runId, RunBatch batch, ChangeContext change, CancellationToken cancellationToken) =>
        log.LogAsync(runId, batch, change, cancellationToken);

    public Task DeleteRunTagAsync(string runId, string key, ChangeContext change, CancellationToken cancellationToken) =>
        runs.DeleteTagAsync(runId, key, change, cancellationToken);

    public Task LogInputsAsync(
        string runId, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<string> modelIds, ChangeContext change, CancellationToken cancellationToken) =>
        runs.LogInputsAsync(runId, datasets, modelIds, change, cancellationToken);

    public Task LogOutputsAsync(string runId, IReadOnlyList<LoggedModelOutput> models, ChangeContext change, CancellationToken cancellationToken) =>
        runs.LogOutputsAsync(runId, models, change, cancellationToken);

    public Task<SearchPage<TrackedRun>> SearchRunsAsync(SearchQuery query, CancellationToken cancellationToken) => runs.SearchAsync(query, cancellationToken);

    public Task<SearchPage<MetricPoint>> GetMetricHistoryAsync(
        string runId, string key, int maxResults, string? pageToken, CancellationToken cancellationToken) =>
        metrics.GetAsync(runId, key, maxResults, pageToken, cancellationToken);

    public Task<IReadOnlyList<MetricPoint>> GetMetricHistoriesAsync(
        IReadOnlyList<string> runIds, string key, long? startStep, long? endStep, int maxResults, CancellationToken cancellationToken) =>
        metrics.GetManyAsync(runIds, key, startStep, endStep, maxResults, cancellationToken);

    public Task<IReadOnlyList<DatasetSummary>> SearchDatasetsAsync(IReadOnlyList<string> experimentIds, CancellationToken cancellationToken) =>
        experiments.SearchDatasetsAsync(experimentIds, cancellationToken);

    public Task<LoggedModel> CreateLoggedModelAsync(NewLoggedModel model, ChangeContext change, CancellationToken cancellationToken) =>
        models.CreateAsync(model, change, cancellationToken);

    public Task<LoggedModel?> FindLoggedModelAsync(string id, CancellationToken cancellationToken) => models.FindAsync(id, cancellationToken);

    public Task<LoggedModel> SetLoggedModelStatusAsync(
        string id, LoggedModelStatus status, string? message, ChangeContext change, CancellationToken cancellationToken) =>
        models.SetStatusAsync(id, status, message, change, cancellationToken);

    public Task<LoggedModel> SetLoggedModelTagsAsync(
        string id, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken) =>
        models.SetTagsAsync(id, tags, change, cancellationToken);

    public Task DeleteLoggedModelTagAsync(string id, string key, ChangeContext change, CancellationToken cancellationToken) =>
        models.DeleteTagAsync(id, key, change, cancellationToken);

    public Task<LoggedModel> LogModelParametersAsync(
        string id, IReadOnlyDictionary<string, string> parameters, ChangeContext change, CancellationToken cancellationToken) =>
        models.LogParametersAsync(id, parameters, change, cancellationToken);

    public Task DeleteLoggedModelAsync(string id, ChangeContext change, CancellationToken cancellationToken) => models.DeleteAsync(id, change, cancellationToken);

    public Task<SearchPage<LoggedModel>> SearchLoggedModelsAsync(
        SearchQuery query, IReadOnlyList<DatasetReference> datasets, CancellationToken cancellationToken) =>
        models.SearchAsync(query, datasets, cancellationToken);
}
