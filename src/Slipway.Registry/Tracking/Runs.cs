using System.Text.Json;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;
using Slipway.Registry.Search;

namespace Slipway.Registry.Tracking;

/// <summary>Runs: their changes and searches; what they log is in <see cref="RunLog"/>.</summary>
internal sealed class Runs(RegistryStore store)
{
    private static readonly TagTable Tags = new("run_tags", "run", "tag");

    public Task<TrackedRun> CreateAsync(NewRun run, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Value(run.Name, "the name of the run");
        StoredText.Value(run.UserId, "the user of the run");
        StoredText.Pairs(run.Tags, "tag");
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            ExperimentRow experiment = await ExperimentRows.GetActiveAsync(session, run.ExperimentId);
            string id = Guid.NewGuid().ToString("N");
            long number = await session.ExactNumberAsync(
                """
                insert into runs (id, experiment_id, name, user_id, status, start_time, started_order, end_time, artifact_uri, is_deleted)
                values (@id, @ExperimentId, @Name, @UserId, @status, @StartTime, @order, null, @uri, 0) returning number
                """,
                new
                {
                    id,
                    ExperimentId = experiment.Id,
                    run.Name,
                    run.UserId,
                    status = (long)RunStatus.Running,
                    run.StartTime,
                    order = run.StartTime ?? long.MinValue,
                    uri = $"{experiment.ArtifactLocation.TrimEnd('/')}/{id}/artifacts",
                });
            foreach ((string key, string value) in run.Tags)
            {
                await Tags.SetAsync(session, number, key, value);
            }

            return await RunRows.LoadAsync(session, number);
        }, cancellationToken);
    }

    public Task<TrackedRun?> FindAsync(string id, CancellationToken cancellationToken) => store.ReadAsync(
        async session => await RunRows.FindAsync(session, id) is { } row ? await RunRows.LoadAsync(session, row.Number) : null, cancellationToken);

    public Task<TrackedRun> UpdateAsync(string id, RunStatus? status, long? endTime, string? name, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Optional(name, "the name of the run");
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            RunRow row = await RunRows.GetActiveAsync(session, id);
            await session.ExecuteAsync(
                "update runs set status = coalesce(@status, status), end_time = coalesce(@endTime, end_time), name = coalesce(@name, name) where number = @Number",
                new { status = (long?)status, endTime, name, row.Number });
            return await RunRows.LoadAsync(session, row.Number);
        }, cancellationToken);
    }

    public Task SetDeletedAsync(string id, bool deleted, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            RunRow row = await RunRows.GetAsync(session, id, forUpdate: true);
            await session.ExecuteAsync("update runs set is_deleted = @state where number = @Number", new { state = deleted ? 1L : 0L, row.Number });
        }, cancellationToken);
    }

    public Task DeleteTagAsync(string id, string key, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            RunRow row = await RunRows.GetActiveAsync(session, id);
            if (await Tags.SetAsync(session, row.Number, key, null) is null)
            {
                throw new SlipwayException(ErrorCode.NotFound, $"No tag with name: {key} in run with id {id}");
            }
        }, cancellationToken);
    }

    public Task LogInputsAsync(
        string id, IReadOnlyList<DatasetInput> datasets, IReadOnlyList<string> modelIds, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        foreach (DatasetInput dataset in datasets)
        {
            Check(dataset);
        }

        foreach (string modelId in modelIds)
        {
            StoredText.Key(modelId, "the identity of the logged model");
        }

        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            RunRow row = await RunRows.GetActiveAsync(session, id);
            long position = await session.ExactNumberAsync("select count(*) from run_datasets where run = @Number", new { row.Number });
            foreach (DatasetInput dataset in datasets)
            {
                await AddAsync(session, row, dataset, position++);
            }

            foreach (string modelId in modelIds)
            {
                await session.ExecuteAsync(
                    "insert into run_model_inputs (run, model_id) values (@Number, @modelId) on conflict (run, model_id) do nothing", new { row.Number, modelId });
            }
        }, cancellationToken);
    }

    public Task LogOutputsAsync(string id, IReadOnlyList<LoggedModelOutput> models, ChangeContext change, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        foreach (LoggedModelOutput model in models)
        {
            StoredText.Key(model.ModelId, "the identity of the logged model");
        }

        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            RunRow row = await RunRows.GetActiveAsync(session, id);
            foreach (LoggedModelOutput model in models)
            {
                await session.ExecuteAsync(
                    """
                    insert into run_model_outputs (run, model_id, step) values (@Number, @ModelId, @Step)
                    on conflict (run, model_id) do update set step = excluded.step
                    """,
                    new { row.Number, model.ModelId, model.Step });
            }
        }, cancellationToken);
    }

    public Task<SearchPage<TrackedRun>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => store.ReadAsync(async session =>
    {
        SearchPage<long> page = await Searcher.FindAsync(session, TrackingSearch.Runs, query, []);
        return new SearchPage<TrackedRun>(await RunRows.LoadAsync(session, page.Items), page.NextPageToken);
    }, cancellationToken);

    private static async Task AddAsync(RegistrySession session, RunRow run, DatasetInput dataset, long position)
    {
        await session.ExecuteAsync(
            """
            insert into datasets (experiment_id, name, digest, source_type, source, schema_json, profile_json)
            values (@ExperimentId, @Name, @Digest, @SourceType, @Source, @Schema, @Profile) on conflict (experiment_id, name, digest) do nothing
            """,
            new { run.ExperimentId, dataset.Name, dataset.Digest, dataset.SourceType, dataset.Source, dataset.Schema, dataset.Profile });
        long datasetId = await session.ExactNumberAsync(
            "select id from datasets where experiment_id = @ExperimentId and name = @Name and digest = @Digest", new { run.ExperimentId, dataset.Name, dataset.Digest });
        await session.ExecuteAsync(
            """
            insert into run_datasets (run, dataset_id, position, context, tags_json) values (@Number, @datasetId, @position, @context, @tags)
            on conflict (run, dataset_id) do nothing
            """,
            new
            {
                run.Number,
                datasetId,
                position,
                context = dataset.Tags.GetValueOrDefault("mlflow.data.context"),
                tags = JsonSerializer.Serialize(dataset.Tags, EventJson.Default.IReadOnlyDictionaryStringString),
            });
    }

    private static void Check(DatasetInput dataset)
    {
        StoredText.Key(dataset.Name, "the name of the dataset");
        StoredText.Key(dataset.Digest, "the digest of the dataset");
        StoredText.Value(dataset.SourceType, "the source type of the dataset");
        StoredText.Value(dataset.Source, "the source of the dataset");
        StoredText.Optional(dataset.Schema, "the schema of the dataset");
        StoredText.Optional(dataset.Profile, "the profile of the dataset");
        StoredText.Pairs(dataset.Tags, "tag");
    }
}
