using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;
using Slipway.Registry.Search;

namespace Slipway.Registry.Tracking;

/// <summary>Logged models: their changes and searches.</summary>
internal sealed class LoggedModels(RegistryStore store)
{
    private static readonly TagTable Tags = new("logged_model_tags", "model", "tag");

    public Task<LoggedModel> CreateAsync(NewLoggedModel model, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Value(model.Name, "the name of the logged model");
        StoredText.Optional(model.ModelType, "the type of the logged model");
        StoredText.Optional(model.SourceRunId, "the source run of the logged model");
        StoredText.Pairs(model.Parameters, "parameter");
        StoredText.Pairs(model.Tags, "tag");
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            ExperimentRow experiment = await ExperimentRows.GetActiveAsync(session, model.ExperimentId);
            string id = $"m-{Guid.NewGuid():N}";
            long number = await session.ExactNumberAsync(
                """
                insert into logged_models (id, experiment_id, name, artifact_uri, status, status_message, model_type, source_run_id, creator_id, is_deleted, created_at, updated_at)
                values (@id, @ExperimentId, @Name, @uri, @status, null, @ModelType, @SourceRunId, @Actor, 0, @now, @now) returning number
                """,
                new
                {
                    id,
                    ExperimentId = experiment.Id,
                    model.Name,
                    uri = $"{experiment.ArtifactLocation.TrimEnd('/')}/models/{id}/artifacts",
                    status = (long)LoggedModelStatus.Pending,
                    model.ModelType,
                    SourceRunId = model.SourceRunId is { Length: > 0 } run ? run : null,
                    change.Actor,
                    now = store.Now(),
                });
            await AddParametersAsync(session, number, id, model.Parameters);
            foreach ((string key, string value) in model.Tags)
            {
                await Tags.SetAsync(session, number, key, value);
            }

            return await LoggedModelRows.LoadAsync(session, number);
        }, cancellationToken);
    }

    public Task<LoggedModel?> FindAsync(string id, CancellationToken cancellationToken) => store.ReadAsync(
        async session => await LoggedModelRows.FindAsync(session, id) is { } row ? await LoggedModelRows.LoadAsync(session, row.Number) : null, cancellationToken);

    public Task<LoggedModel> SetStatusAsync(string id, LoggedModelStatus status, string? message, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Optional(message, "the message");
        return ChangeAsync(id, change, (session, row) => session.ExecuteAsync(
            "update logged_models set status = @status, status_message = @message where number = @Number",
            new { status = (long)status, message, row.Number }), cancellationToken);
    }

    public Task<LoggedModel> SetTagsAsync(string id, IReadOnlyDictionary<string, string> tags, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(id, change, async (session, row) =>
        {
            foreach ((string key, string value) in tags)
            {
                await Tags.SetAsync(session, row.Number, key, value);
            }
        }, cancellationToken);

    public Task DeleteTagAsync(string id, string key, ChangeContext change, CancellationToken cancellationToken) =>
        ChangeAsync(id, change, async (session, row) =>
        {
            if (await Tags.SetAsync(session, row.Number, key, null) is null)
            {
                throw new SlipwayException(ErrorCode.NotFound, $"No tag with key {key} in logged model with ID '{id}'");
            }
        }, cancellationToken);

    public Task<LoggedModel> LogParametersAsync(
        string id, IReadOnlyDictionary<string, string> parameters, ChangeContext change, CancellationToken cancellationToken)
    {
        StoredText.Pairs(parameters, "parameter");
        return ChangeAsync(id, change, (session, row) => AddParametersAsync(session, row.Number, id, parameters), cancellationToken);
    }

    public Task DeleteAsync(string id, ChangeContext change, CancellationToken cancellationToken) => ChangeAsync(
        id,
        change,
        (session, row) => session.ExecuteAsync("update logged_models set is_deleted = 1 where number = @Number", new { row.Number }),
        cancellationToken);

    public Task<SearchPage<LoggedModel>> SearchAsync(SearchQuery query, IReadOnlyList<DatasetReference> datasets, CancellationToken cancellationToken) =>
        store.ReadAsync(async session =>
        {
            SearchPage<long> page = await Searcher.FindAsync(session, TrackingSearch.LoggedModels, query, datasets);
            return new SearchPage<LoggedModel>(await LoggedModelRows.LoadAsync(session, page.Items), page.NextPageToken);
        }, cancellationToken);

    private static async Task AddParametersAsync(RegistrySession session, long number, string id, IReadOnlyDictionary<string, string> parameters)
    {
        foreach ((string key, string value) in parameters)
        {
            if (await session.ExecuteAsync(
                "insert into logged_model_parameters (model, key, value) values (@number, @key, @value) on conflict (model, key) do nothing", new { number, key, value }) == 0
                && await session.FirstAsync<string>("select value from logged_model_parameters where model = @number and key = @key", new { number, key }) is { } present
                && present != value)
            {
                throw new SlipwayException(
                    ErrorCode.InvalidRequest, $"Changing param values is not allowed. Param with key='{key}' was already logged with value='{present}' for logged model ID='{id}'.");
            }
        }
    }

    private Task<LoggedModel> ChangeAsync(string id, ChangeContext change, Func<RegistrySession, LoggedModelRow, Task> apply, CancellationToken cancellationToken)
    {
        ModelNames.Change(change);
        return store.WriteAsync(WriteScope.Tracking, async session =>
        {
            LoggedModelRow row = await LoggedModelRows.GetActiveAsync(session, id);
            await apply(session, row);
            await session.ExecuteAsync("update logged_models set updated_at = @now where number = @Number", new { now = store.Now(), row.Number });
            return await LoggedModelRows.LoadAsync(session, row.Number);
        }, cancellationToken);
    }
}
