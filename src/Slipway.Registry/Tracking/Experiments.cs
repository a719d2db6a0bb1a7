using System.Globalization;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;
using Slipway.Registry.Options;
using Slipway.Registry.Search;

namespace Slipway.Registry.Tracking;

/// <summary>Experiments: their changes and searches.</summary>
internal sealed class Experiments(RegistryStore store, RegistryOptions options)
{
    private static readonly TagTable Tags = new("experiment_tags", "experiment_id", "tag");

    public Task<Experiment> CreateAsync(
        string name, string? artifactLocation, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Key(name, "the name of the experiment");
        StoredText.Optional(artifactLocation, "the artifact location");
        StoredText.Pairs(tags, "tag");
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            long now = store.Now();
            long id = await session.NumberAsync(
                """
                insert into experiments (name, artifact_location, is_deleted, created_at, updated_at) values (@name, @location, 0, @now, @now)
                on conflict (name) do nothing returning id
                """,
                new { name, location = artifactLocation ?? "", now }) ?? throw Taken(name);
            if (artifactLocation is null)
            {
                string location = string.Create(CultureInfo.InvariantCulture, $"{options.ArtifactRoot}/{id}");
                await session.ExecuteAsync("update experiments set artifact_location = @location where id = @id", new { id, location });
            }

            foreach ((string key, string value) in tags)
            {
                await Tags.SetAsync(session, id, key, value);
            }

            return (await ExperimentRows.LoadAsync(session, [id]))[0];
        }, cancellationToken);
    }

    public Task<Experiment?> FindAsync(string id, CancellationToken cancellationToken) => store.ReadAsync(
        async session => ExperimentRows.Number(id) is { } number && await ExperimentRows.LoadAsync(session, [number]) is [Experiment found] ? found : null, cancellationToken);

    public Task<Experiment?> FindByNameAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(
        async session => await session.NumberAsync("select id from experiments where name = @name", new { name }) is { } id
            ? (await ExperimentRows.LoadAsync(session, [id]))[0]
            : null,
        cancellationToken);

    public Task<SearchPage<Experiment>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => store.ReadAsync(async session =>
    {
        SearchPage<long> page = await Searcher.FindAsync(session, TrackingSearch.Experiments, query, []);
        return new SearchPage<Experiment>(await ExperimentRows.LoadAsync(session, page.Items), page.NextPageToken);
    }, cancellationToken);

    public Task RenameAsync(string id, string newName, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Key(newName, "the name of the experiment");
        return ChangeAsync(id, change, async (session, row) =>
        {
            if (await session.NumberAsync("select id from experiments where name = @newName", new { newName }) is { } other && other != row.Id)
            {
                throw Taken(newName);
            }

            await session.ExecuteAsync("update experiments set name = @newName where id = @Id", new { newName, row.Id });
        }, cancellationToken);
    }

    public Task SetDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            ExperimentRow row = await ExperimentRows.GetAsync(session, id);
            long state = deleted ? 1 : 0;
            if (row.IsDeleted != state)
            {
                await session.ExecuteAsync("update experiments set is_deleted = @state, updated_at = @now where id = @Id", new { state, now = store.Now(), row.Id });
                await session.ExecuteAsync("update runs set is_deleted = @state where experiment_id = @Id", new { state, row.Id });
            }
        }, cancellationToken);
    }

    public Task SetTagAsync(string id, string key, string? value, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(id, change, async (session, row) =>
        {
            if (await Tags.SetAsync(session, row.Id, key, value) is null && value is null)
            {
                throw new SlipwayException(ErrorCode.NotFound, $"No tag with name: {key} in experiment with id {id}");
            }
        }, cancellationToken);

    public Task<IReadOnlyList<DatasetSummary>> SearchDatasetsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<DatasetSummary>>(async session => [.. (await session.QueryForAsync<SummaryRow, long>(
            """
            select distinct d.experiment_id as ExperimentId, d.name, d.digest, u.context from datasets d join run_datasets u on u.dataset_id = d.id
            where d.experiment_id in @keys order by d.experiment_id, d.name, d.digest, u.context
            """,
            [.. ids.Select(ExperimentRows.Number).OfType<long>().Distinct()]))
            .Select(static row => new DatasetSummary(row.ExperimentId.ToString(CultureInfo.InvariantCulture), row.Name, row.Digest, row.Context))], cancellationToken);

    private Task ChangeAsync(string id, ChangeContext change, Func<RegistrySession, ExperimentRow, Task> apply, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            ExperimentRow row = await ExperimentRows.GetActiveAsync(session, id);
            await apply(session, row);
            await session.ExecuteAsync("update experiments set updated_at = @now where id = @Id", new { now = store.Now(), row.Id });
        }, cancellationToken);
    }

    private static SlipwayException Taken(string name) => new(ErrorCode.AlreadyExists, $"Experiment(name={name}) already exists.");

    private sealed class SummaryRow
    {
        public long ExperimentId { get; set; }

        public string Name { get; set; } = "";

        public string Digest { get; set; } = "";

        public string? Context { get; set; }
    }
}
