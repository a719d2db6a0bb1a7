using Slipway.Core;

namespace Slipway.Registry.Models;

/// <summary>The registry over the database: each part in a class of its own.</summary>
internal sealed class ModelRegistry(
    ModelCommands models,
    VersionCreation creation,
    VersionCommands versions,
    AliasCommands aliases,
    ModelQueries queries,
    HistoryQueries history,
    LineageQueries lineage,
    EventWatch watch) : IModelRegistry
{
    public Task<RegisteredModel> CreateModelAsync(
        string name, string? description, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken) =>
        models.CreateAsync(name, description, tags, change, cancellationToken);

    public Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken) => queries.FindModelAsync(name, cancellationToken);

    public Task<RegisteredModel> RenameModelAsync(string name, string newName, ChangeContext change, CancellationToken cancellationToken) =>
        models.RenameAsync(name, newName, change, cancellationToken);

    public Task<RegisteredModel> DescribeModelAsync(string name, string? description, ChangeContext change, CancellationToken cancellationToken) =>
        models.DescribeAsync(name, description, change, cancellationToken);

    public Task SetModelTagAsync(string name, string key, string? value, ChangeContext change, CancellationToken cancellationToken) =>
        models.SetTagAsync(name, key, value, change, cancellationToken);

    public Task DeleteModelAsync(string name, ChangeContext change, CancellationToken cancellationToken) => models.DeleteAsync(name, change, cancellationToken);

    public Task<SearchPage<RegisteredModel>> SearchModelsAsync(SearchQuery query, CancellationToken cancellationToken) =>
        queries.SearchModelsAsync(query, cancellationToken);

    public Task<ModelVersion> CreateVersionAsync(NewModelVersion version, ChangeContext change, CancellationToken cancellationToken) =>
        creation.CreateAsync(version, change, cancellationToken);

    public Task<ModelVersion?> FindVersionAsync(string model, long number, CancellationToken cancellationToken) =>
        queries.FindVersionAsync(model, number, cancellationToken);

    public Task<ModelVersion?> FindVersionByAliasAsync(string model, string alias, CancellationToken cancellationToken) =>
        queries.FindVersionByAliasAsync(model, alias, cancellationToken);

    public Task<IReadOnlyList<ModelVersion>> GetLatestVersionsAsync(string model, IReadOnlyList<string> stages, CancellationToken cancellationToken) =>
        queries.GetLatestVersionsAsync(model, stages, cancellationToken);

    public Task<ModelVersion> DescribeVersionAsync(string model, long number, string? description, ChangeContext change, CancellationToken cancellationToken) =>
        versions.DescribeAsync(model, number, description, change, cancellationToken);

    public Task SetVersionTagAsync(string model, long number, string key, string? value, ChangeContext change, CancellationToken cancellationToken) =>
        versions.SetTagAsync(model, number, key, value, change, cancellationToken);

    public Task<ModelVersion> SetStageAsync(
        string model, long number, string stage, bool archiveOthers, ChangeContext change, CancellationToken cancellationToken) =>
        versions.SetStageAsync(model, number, stage, archiveOthers, change, cancellationToken);

    public Task<ModelVersion> ApproveAsync(string model, long number, string? comment, ChangeContext change, CancellationToken cancellationToken) =>
        versions.ApproveAsync(model, number, comment, change, cancellationToken);

    public Task DeleteVersionAsync(string model, long number, ChangeContext change, CancellationToken cancellationToken) =>
        versions.DeleteAsync(model, number, change, cancellationToken);

    public Task<SearchPage<ModelVersion>> SearchVersionsAsync(SearchQuery query, CancellationToken cancellationToken) =>
        queries.SearchVersionsAsync(query, cancellationToken);

    public Task<long?> SetAliasAsync(
        string model, string alias, long number, AliasExpectation expected, ChangeContext change, CancellationToken cancellationToken) =>
        aliases.SetAsync(model, alias, number, expected, change, cancellationToken);

    public Task<bool> DeleteAliasAsync(string model, string alias, ChangeContext change, CancellationToken cancellationToken) =>
        aliases.DeleteAsync(model, alias, change, cancellationToken);

    public Task<ModelHistory?> GetHistoryAsync(string model, DateTimeOffset time, CancellationToken cancellationToken) =>
        history.GetAsync(model, time, cancellationToken);

    public Task<IReadOnlyList<RegistryEvent>> GetEventsAsync(string? model, long after, int limit, CancellationToken cancellationToken) =>
        queries.GetEventsAsync(model, after, limit, cancellationToken);

    public Task<VersionLineage> GetLineageAsync(string model, long number, CancellationToken cancellationToken) =>
        lineage.GetAsync(model, number, cancellationToken);

    public IAsyncEnumerable<long> WatchAsync(CancellationToken cancellationToken) => watch.WatchAsync(cancellationToken);
}
