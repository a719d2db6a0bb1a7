namespace Slipway.Core;

/// <summary>
/// Models, versions and aliases: what there is, which one answers, who said so. Every change is one transaction with its event; readers see whole changes only. Thread-safe, and safe
/// between processes on one store.
/// </summary>
/// <remarks>
/// Unknown models give <see cref="ErrorCode.ModelNotFound"/>, unknown versions and aliases <see cref="ErrorCode.VersionNotFound"/>, bad names and values
/// <see cref="ErrorCode.InvalidRequest"/>, names that are taken <see cref="ErrorCode.AlreadyExists"/>.
/// </remarks>
public interface IModelRegistry
{
    /// <summary>Creates a model without versions.</summary>
    Task<RegisteredModel> CreateModelAsync(
        string name, string? description, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The model, or null.</summary>
    Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gives a model another name; versions, aliases and history go with it.</summary>
    Task<RegisteredModel> RenameModelAsync(string name, string newName, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Replaces the description.</summary>
    Task<RegisteredModel> DescribeModelAsync(string name, string? description, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Sets a tag, or removes it when <paramref name="value"/> is null (no fault when it is not there).</summary>
    Task SetModelTagAsync(string name, string key, string? value, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Deletes a model with its versions and aliases. Events stay, so the past can still be asked for.</summary>
    Task DeleteModelAsync(string name, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Searches models; fields: <c>name</c>, <c>creation_timestamp</c>, <c>last_updated_timestamp</c>, tags.</summary>
    Task<SearchPage<RegisteredModel>> SearchModelsAsync(SearchQuery query, CancellationToken cancellationToken);

    /// <summary>Creates the next version: whole, or not at all.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.FailedPrecondition"/> when a blob of its manifest is not stored.</exception>
    Task<ModelVersion> CreateVersionAsync(NewModelVersion version, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The version, or null when the model or version is unknown.</summary>
    Task<ModelVersion?> FindVersionAsync(string model, long number, CancellationToken cancellationToken);

    /// <summary>The version that an alias points at, or null.</summary>
    Task<ModelVersion?> FindVersionByAliasAsync(string model, string alias, CancellationToken cancellationToken);

    /// <summary>The newest ready version of each stage, or of the given stages.</summary>
    Task<IReadOnlyList<ModelVersion>> GetLatestVersionsAsync(string model, IReadOnlyList<string> stages, CancellationToken cancellationToken);

    /// <summary>Replaces the description.</summary>
    Task<ModelVersion> DescribeVersionAsync(string model, long number, string? description, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Sets a tag, or removes it when <paramref name="value"/> is null (no fault when it is not there).</summary>
    Task SetVersionTagAsync(string model, long number, string key, string? value, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Moves a version to a stage; with <paramref name="archiveOthers"/> the others of that stage go to <c>Archived</c>, in the same transaction.</summary>
    Task<ModelVersion> SetStageAsync(
        string model, long number, string stage, bool archiveOthers, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Records an approval; a second one of the same actor changes nothing.</summary>
    Task<ModelVersion> ApproveAsync(string model, long number, string? comment, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Deletes a version and the aliases that point at it. Its number is never given again.</summary>
    Task DeleteVersionAsync(string model, long number, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>
    /// Searches versions; fields: <c>name</c>, <c>version_number</c>, <c>run_id</c>, <c>source_path</c>, <c>creation_timestamp</c>, <c>last_updated_timestamp</c>,
    /// <c>stage</c>, <c>digest</c>, <c>training_data_digest</c>, tags.
    /// </summary>
    Task<SearchPage<ModelVersion>> SearchVersionsAsync(SearchQuery query, CancellationToken cancellationToken);

    /// <summary>Points an alias at a version, by compare-and-set when <paramref name="expected"/> is given. Returns where it pointed before (null: nowhere).</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">Name of the alias.</param>
    /// <param name="number">Number of the version.</param>
    /// <param name="expected">What the caller believes the alias points at now; <see cref="AliasExpectation.Any"/> moves it whatever that is.</param>
    /// <param name="change">Who and why.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.VersionConflict"/> when it points elsewhere than expected; <see cref="ErrorCode.FailedPrecondition"/> when a policy wants approvals that are missing.
    /// </exception>
    Task<long?> SetAliasAsync(
        string model, string alias, long number, AliasExpectation expected, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>Removes an alias; false when there was none.</summary>
    Task<bool> DeleteAliasAsync(string model, string alias, ChangeContext change, CancellationToken cancellationToken);

    /// <summary>The model as it was at <paramref name="time"/>; null when it did not exist then.</summary>
    Task<ModelHistory?> GetHistoryAsync(string model, DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Events after <paramref name="after"/> in ascending order, of one model or (null) of all.</summary>
    /// <param name="model">Name of a model, or null.</param>
    /// <param name="after">Sequence of the last event that is known; 0 for all.</param>
    /// <param name="limit">Most events, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<RegistryEvent>> GetEventsAsync(string? model, long after, int limit, CancellationToken cancellationToken);

    /// <summary>What a version was made from, and what was made from it.</summary>
    Task<VersionLineage> GetLineageAsync(string model, long number, CancellationToken cancellationToken);

    /// <summary>
    /// The sequence of the newest event, at once and again within a second after every change by whatever process, for as long as it is enumerated; changes in quick succession may
    /// come as one. Goes on after the store was away.
    /// </summary>
    IAsyncEnumerable<long> WatchAsync(CancellationToken cancellationToken);
}

/// <summary>What a caller who moves an alias believes of it.</summary>
public readonly record struct AliasExpectation
{
    private AliasExpectation(bool isAny, long? version)
    {
        IsAny = isAny;
        Version = version;
    }

    /// <summary>Nothing: the alias is moved in any case.</summary>
    public static AliasExpectation Any => new(true, null);

    /// <summary>That there is no such alias.</summary>
    public static AliasExpectation Absent => new(false, null);

    /// <summary>Whether nothing is expected.</summary>
    public bool IsAny { get; }

    /// <summary>The version that is expected; null for none, when not <see cref="IsAny"/>.</summary>
    public long? Version { get; }

    /// <summary>That it points at version <paramref name="number"/>.</summary>
    public static AliasExpectation At(long number) => new(false, number);

    /// <summary>Whether an alias that points at <paramref name="current"/> (null: nowhere) meets the expectation.</summary>
    public bool IsMetBy(long? current) => IsAny || current == Version;
}

/// <summary>Lineage of a version in both directions, one step each.</summary>
/// <param name="Version">The version.</param>
/// <param name="Run">Run that made it; null when unknown.</param>
/// <param name="Datasets">Inputs of that run, by name and digest.</param>
/// <param name="Parent">Version that it was made from; null when none.</param>
/// <param name="Children">Versions made from it.</param>
/// <param name="SameData">Other versions, of any model, whose training data has the same digest.</param>
/// <param name="SameContent">Other versions, of any model, that hold the same files.</param>
public sealed record VersionLineage(
    ModelVersion Version,
    TrackedRun? Run,
    IReadOnlyList<DatasetInput> Datasets,
    ModelVersion? Parent,
    IReadOnlyList<ModelVersion> Children,
    IReadOnlyList<ModelVersion> SameData,
    IReadOnlyList<ModelVersion> SameContent);
