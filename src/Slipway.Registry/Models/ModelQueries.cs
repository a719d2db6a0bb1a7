using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Search;

namespace Slipway.Registry.Models;

/// <summary>Reads models, versions and events as they are now.</summary>
internal sealed class ModelQueries(RegistryStore store, VersionRows versions)
{
    private const int MaxEvents = 10_000;

    public Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(
        async session => await ModelRows.FindAsync(session, name) is { } row ? await ModelRows.LoadAsync(session, row.Id) : null, cancellationToken);

    public Task<ModelVersion?> FindVersionAsync(string model, long number, CancellationToken cancellationToken) => store.ReadAsync(
        async session => await VersionRows.FindAsync(session, model, number) is { } row ? await versions.LoadAsync(session, row) : null, cancellationToken);

    public Task<ModelVersion?> FindVersionByAliasAsync(string model, string alias, CancellationToken cancellationToken) => store.ReadAsync(
        async session => await session.FirstAsync<VersionRow>(
            $"""
            select {VersionRow.Columns} from models m join aliases a on a.model_id = m.id join versions v on v.model_id = m.id and v.number = a.number
            where m.name = @model and a.alias = @alias
            """,
            new { model, alias }) is { } row ? await versions.LoadAsync(session, row) : null,
        cancellationToken);

    public Task<IReadOnlyList<ModelVersion>> GetLatestVersionsAsync(string model, IReadOnlyList<string> stages, CancellationToken cancellationToken) =>
        store.ReadAsync(async session =>
        {
            ModelRow owner = await ModelRows.GetAsync(session, model);
            List<long> keys = [];
            foreach (string stage in stages.Count > 0 ? stages.Distinct(StringComparer.Ordinal) : await StagesAsync(session, owner))
            {
                if (await session.NumberAsync(
                    "select id from versions where model_id = @Id and stage = @stage and status = @ready order by number desc limit 1",
                    new { owner.Id, stage, ready = (long)VersionStatus.Ready }) is { } key)
                {
                    keys.Add(key);
                }
            }

            return await versions.LoadAsync(session, keys);
        }, cancellationToken);

    public Task<SearchPage<RegisteredModel>> SearchModelsAsync(SearchQuery query, CancellationToken cancellationToken) => store.ReadAsync(async session =>
    {
        SearchPage<long> page = await Searcher.FindAsync(session, ModelSearch.Models, query, []);
        return new SearchPage<RegisteredModel>(await ModelRows.LoadAsync(session, page.Items), page.NextPageToken);
    }, cancellationToken);

    public Task<SearchPage<ModelVersion>> SearchVersionsAsync(SearchQuery query, CancellationToken cancellationToken) => store.ReadAsync(async session =>
    {
        SearchPage<long> page = await Searcher.FindAsync(session, ModelSearch.Versions, query, []);
        return new SearchPage<ModelVersion>(await versions.LoadAsync(session, page.Items), page.NextPageToken);
    }, cancellationToken);

    public Task<IReadOnlyList<RegistryEvent>> GetEventsAsync(string? model, long after, int limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxEvents)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"1 to {MaxEvents} events were expected, not {limit}");
        }

        return store.ReadAsync<IReadOnlyList<RegistryEvent>>(async session =>
        {
            // A model that bears the name now is told from its beginning, under whatever name; besides, whatever was told of others under this name.
            string which = model is null ? "1 = 1"
                : await ModelRows.FindAsync(session, model) is { } row ? FormattableString.Invariant($"(model_id = {row.Id} or model = @model)")
                : "model = @model";
            return [.. (await session.QueryAsync<EventRow>(
                $"select {EventLog.Columns} from events where sequence > @after and {which} order by sequence limit @limit", new { after, model, limit }))
                .Select(static row => row.ToEvent())];
        }, cancellationToken);
    }

    public Task<long> NewestEventAsync(CancellationToken cancellationToken) => store.ReadAsync(
        async session => await session.NumberAsync("select max(sequence) from events") ?? 0, cancellationToken);

    /// <summary>The stages that versions of the model are in, by steps through the index rather than over all versions.</summary>
    private static async Task<List<string>> StagesAsync(RegistrySession session, ModelRow model)
    {
        List<string> stages = [];
        string last = "";
        while (await session.FirstAsync<string>(
            "select stage from versions where model_id = @Id and stage > @last order by stage limit 1", new { model.Id, last }) is { } stage)
        {
            stages.Add(stage);
            last = stage;
        }

        return stages;
    }
}
