namespace Slipway.Core;

/// <summary>
/// Experiments, runs and logged models. Every call is one transaction. Thread-safe, and safe between processes on one store.
/// </summary>
/// <remarks>
/// Unknown things give <see cref="ErrorCode.NotFound"/>, bad values and writes to deleted things <see cref="ErrorCode.InvalidRequest"/>, names that are taken
/// <see cref="ErrorCode.AlreadyExists"/>. Rules of one client's protocol (lengths, reserved keys) are the protocol's to check.
/// </remarks>
public interface ITrackingStore
{
    /// <summary>Creates an experiment; the artifact location is derived from its identity when null.</summary>
    Task<Experiment> CreateExperimentAsync(
        string name, string? artifactLocation, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The experiment, deleted or not, or null.</summary>
    Task<Experiment?> FindExperimentAsync(string id, CancellationToken cancellationToken);

    /// <summary>The experiment of that name, deleted or not, or null.</summary>
    Task<Experiment?> FindExperimentByNameAsync(string name, CancellationToken cancellationToken);

    /// <summary>Searches experiments; fields: <c>name</c>, <c>experiment_id</c>, <c>creation_time</c>, <c>last_update_time</c>, tags. Default order: last updated first.</summary>
    Task<SearchPage<Experiment>> SearchExperimentsAsync(SearchQuery query, CancellationToken cancellationToken);

    /// <summary>Renames an active experiment.</summary>
    Task RenameExperimentAsync(string id, string newName, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Deletes or restores an experiment with its runs.</summary>
    Task SetExperimentDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Sets a tag, or removes it when <paramref name="value"/> is null; removing one that is not there gives <see cref="ErrorCode.NotFound"/>.</summary>
    Task SetExperimentTagAsync(string id, string key, string? value, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Creates a run in an active experiment.</summary>
    Task<TrackedRun> CreateRunAsync(NewRun run, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The run, deleted or not, or null.</summary>
    Task<TrackedRun?> FindRunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Changes state, end or name of an active run; null leaves as it is.</summary>
    Task<TrackedRun> UpdateRunAsync(
        string id, RunStatus? status, long? endTime, string? name, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Deletes or restores a run.</summary>
    Task SetRunDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>
    /// Logs metrics, parameters and tags to an active run: all or nothing. A parameter may be written again only with the same value; an equal metric point counts once.
    /// </summary>
    Task LogBatchAsync(string runId, RunBatch batch, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Removes a tag of an active run; <see cref="ErrorCode.NotFound"/> when it is not there.</summary>
    Task DeleteRunTagAsync(string runId, string key, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Adds datasets and logged models that a run read.</summary>
    Task LogInputsAsync(
        string runId, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<string> modelIds, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Adds logged models that a run wrote.</summary>
    Task LogOutputsAsync(string runId, IReadOnlyList<LoggedModelOutput> models, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>
    /// Searches runs of <see cref="SearchQuery.ExperimentIds"/>; attributes: <c>run_id</c>, <c>run_name</c>, <c>user_id</c>, <c>status</c> (upper case name), <c>artifact_uri</c>,
    /// <c>start_time</c>, <c>end_time</c>; metrics, parameters, tags, datasets. Default order: started last first, then identity.
    /// </summary>
    Task<SearchPage<TrackedRun>> SearchRunsAsync(SearchQuery query, CancellationToken cancellationToken);

    /// <summary>All points of a metric in the order of timestamp, step and value.</summary>
    Task<SearchPage<MetricPoint>> GetMetricHistoryAsync(
        string runId, string key, int maxResults, string? pageToken, CancellationToken cancellationToken);

    /// <summary>Points of one metric of several runs with steps in a range, at most <paramref name="maxResults"/> a run, evenly chosen, each with its run.</summary>
    Task<IReadOnlyList<MetricPoint>> GetMetricHistoriesAsync(
        IReadOnlyList<string> runIds, string key, long? startStep, long? endStep, int maxResults, CancellationToken cancellationToken);

    /// <summary>Datasets that runs of the experiments read.</summary>
    Task<IReadOnlyList<DatasetSummary>> SearchDatasetsAsync(IReadOnlyList<string> experimentIds, CancellationToken cancellationToken);

    /// <summary>Creates a logged model in an active experiment; state pending.</summary>
    Task<LoggedModel> CreateLoggedModelAsync(NewLoggedModel model, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The logged model, deleted or not, or null.</summary>
    Task<LoggedModel?> FindLoggedModelAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sets the state of its upload.</summary>
    Task<LoggedModel> SetLoggedModelStatusAsync(
        string id, LoggedModelStatus status, string? message, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Sets tags.</summary>
    Task<LoggedModel> SetLoggedModelTagsAsync(
        string id, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Removes a tag; <see cref="ErrorCode.NotFound"/> when it is not there.</summary>
    Task DeleteLoggedModelTagAsync(string id, string key, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Adds parameters; written once.</summary>
    Task<LoggedModel> LogModelParametersAsync(
        string id, IReadOnlyDictionary<string, string> parameters, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Deletes a logged model; its files stay until garbage collection.</summary>
    Task DeleteLoggedModelAsync(string id, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>
    /// Searches logged models of <see cref="SearchQuery.ExperimentIds"/>; attributes: <c>name</c>, <c>model_id</c>, <c>model_type</c>, <c>status</c>, <c>source_run_id</c>,
    /// <c>experiment_id</c>, <c>creation_timestamp</c>, <c>last_updated_timestamp</c>; metrics, parameters, tags. Default order: created last first.
    /// </summary>
    /// <param name="query">The search.</param>
    /// <param name="datasets">When not empty: metrics count only on one of these datasets, and where no clause asks for one, there has to be some.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<SearchPage<LoggedModel>> SearchLoggedModelsAsync(
        SearchQuery query, IReadOnlyList<DatasetReference> datasets, CancellationToken cancellationToken);
}

/// <summary>What a run is created with.</summary>
/// <param name="ExperimentId">Experiment; must be active.</param>
/// <param name="Name">Name for people.</param>
/// <param name="UserId">Who runs it.</param>
/// <param name="StartTime">When it began, in milliseconds since 1970.</param>
/// <param name="Tags">Tags by key.</param>
public sealed record NewRun(string ExperimentId, string Name, string UserId, long? StartTime, IReadOnlyDictionary<string, string> Tags);

/// <summary>What is logged to a run at once.</summary>
/// <param name="Metrics">Points, in order.</param>
/// <param name="Parameters">Parameters by key.</param>
/// <param name="Tags">Tags by key.</param>
public sealed record RunBatch(
    IReadOnlyList<MetricPoint> Metrics, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Tags);

/// <summary>What a logged model is created with.</summary>
/// <param name="ExperimentId">Experiment; must be active.</param>
/// <param name="Name">Name for people.</param>
/// <param name="ModelType">Kind; null when nothing was said.</param>
/// <param name="SourceRunId">Run that logs it; null when none.</param>
/// <param name="Parameters">Parameters by key.</param>
/// <param name="Tags">Tags by key.</param>
public sealed record NewLoggedModel(
    string ExperimentId,
    string Name,
    string? ModelType,
    string? SourceRunId,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>A dataset by name and, when given, digest.</summary>
/// <param name="Name">Name.</param>
/// <param name="Digest">Digest; null: any.</param>
public sealed record DatasetReference(string Name, string? Digest);
