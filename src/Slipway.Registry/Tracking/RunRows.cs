using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;

namespace Slipway.Registry.Tracking;

/// <summary>A row of <c>runs</c>.</summary>
internal sealed class RunRow
{
    public const string Columns =
        """
        r.number, r.id, r.experiment_id as ExperimentId, r.name, r.user_id as UserId, r.status, r.start_time as StartTime, r.end_time as EndTime, r.artifact_uri as ArtifactUri,
        r.is_deleted as IsDeleted
        """;

    public long Number { get; set; }

    public string Id { get; set; } = "";

    public long ExperimentId { get; set; }

    public string Name { get; set; } = "";

    public string UserId { get; set; } = "";

    public long Status { get; set; }

    public long? StartTime { get; set; }

    public long? EndTime { get; set; }

    public string ArtifactUri { get; set; } = "";

    public long IsDeleted { get; set; }
}

/// <summary>Reads runs with what belongs to them.</summary>
internal static class RunRows
{
    public static Task<RunRow?> FindAsync(RegistrySession session, string id, bool forUpdate = false) => session.FirstAsync<RunRow>(
        $"select {RunRow.Columns} from runs r where r.id = @id{(forUpdate ? session.Dialect.ForUpdate : "")}", new { id });

    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>.</exception>
    public static async Task<RunRow> GetAsync(RegistrySession session, string id, bool forUpdate = false) =>
        await FindAsync(session, id, forUpdate) ?? throw new SlipwayException(ErrorCode.NotFound, $"Run with id={id} not found");

    /// <summary>A run that may be written to, locked for this transaction.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>; <see cref="ErrorCode.InvalidRequest"/> when it is deleted.</exception>
    public static async Task<RunRow> GetActiveAsync(RegistrySession session, string id)
    {
        RunRow row = await GetAsync(session, id, forUpdate: true);
        return row.IsDeleted == 0
            ? row
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"The run {id} must be in the 'active' state. Current state is deleted.");
    }

    public static async Task<TrackedRun> LoadAsync(RegistrySession session, long key) => (await LoadAsync(session, [key]))[0];

    /// <summary>The runs of the keys, in their order.</summary>
    public static async Task<IReadOnlyList<TrackedRun>> LoadAsync(RegistrySession session, IReadOnlyList<long> keys)
    {
        Dictionary<long, RunRow> rows = (await session.QueryForAsync<RunRow, long>(
            $"select {RunRow.Columns} from runs r where r.number in @keys", keys)).ToDictionary(static row => row.Number);
        Dictionary<long, IReadOnlyDictionary<string, string>> tags = TagRow.ByOwner(
            await session.QueryForAsync<TagRow, long>("select run as Owner, key, value from run_tags where run in @keys", keys));
        Dictionary<long, IReadOnlyDictionary<string, string>> parameters = TagRow.ByOwner(
            await session.QueryForAsync<TagRow, long>("select run as Owner, key, value from run_parameters where run in @keys", keys));
        ILookup<long, MetricRow> metrics = (await session.QueryForAsync<MetricRow, long>(
            $"select run as Owner, {MetricRow.Columns} from latest_metrics where run in @keys order by run, key", keys)).ToLookup(static row => row.Owner);
        ILookup<long, DatasetRow> datasets = (await session.QueryForAsync<DatasetRow, long>(
            """
            select u.run as Owner, d.name, d.digest, d.source_type as SourceType, d.source, d.schema_json as SchemaJson, d.profile_json as ProfileJson, u.tags_json as TagsJson
            from run_datasets u join datasets d on d.id = u.dataset_id where u.run in @keys order by u.run, u.position
            """,
            keys)).ToLookup(static row => row.Owner);
        ILookup<long, LinkRow> inputs = (await session.QueryForAsync<LinkRow, long>(
            "select run as Owner, model_id as ModelId from run_model_inputs where run in @keys order by run, model_id", keys)).ToLookup(static row => row.Owner);
        ILookup<long, LinkRow> outputs = (await session.QueryForAsync<LinkRow, long>(
            "select run as Owner, model_id as ModelId, step from run_model_outputs where run in @keys order by run, step, model_id", keys)).ToLookup(static row => row.Owner);
        return [.. keys.Where(rows.ContainsKey).Select(key => Build(
            rows[key], tags.GetValueOrDefault(key), parameters.GetValueOrDefault(key), metrics[key], datasets[key], inputs[key], outputs[key]))];
    }

    private static TrackedRun Build(
        RunRow row,
        IReadOnlyDictionary<string, string>? tags,
        IReadOnlyDictionary<string, string>? parameters,
        IEnumerable<MetricRow> metrics,
        IEnumerable<DatasetRow> datasets,
        IEnumerable<LinkRow> inputs,
        IEnumerable<LinkRow> outputs) => new()
        {
            Id = row.Id,
            ExperimentId = row.ExperimentId.ToString(CultureInfo.InvariantCulture),
            Name = row.Name,
            UserId = row.UserId,
            Status = (RunStatus)row.Status,
            StartTime = row.StartTime,
            EndTime = row.EndTime,
            ArtifactUri = row.ArtifactUri,
            IsDeleted = row.IsDeleted != 0,
            Parameters = parameters ?? None,
            Tags = tags ?? None,
            Metrics = [.. metrics.Select(metric => metric.ToPoint(row.Id))],
            Datasets = [.. datasets.Select(static dataset => dataset.ToInput())],
            ModelInputs = [.. inputs.Select(static input => input.ModelId)],
            ModelOutputs = [.. outputs.Select(static output => new LoggedModelOutput(output.ModelId, output.Step))],
        };

    private static readonly Dictionary<string, string> None = [];

    private sealed class DatasetRow
    {
        public long Owner { get; set; }

        public string Name { get; set; } = "";

        public string Digest { get; set; } = "";

        public string SourceType { get; set; } = "";

        public string Source { get; set; } = "";

        public string? SchemaJson { get; set; }

        public string? ProfileJson { get; set; }

        public string TagsJson { get; set; } = "";

        public DatasetInput ToInput() => new(
            Name, Digest, SourceType, Source, SchemaJson, ProfileJson, JsonSerializer.Deserialize(TagsJson, EventJson.Default.DictionaryStringString)!);
    }

    private sealed class LinkRow
    {
        public long Owner { get; set; }

        public string ModelId { get; set; } = "";

        public long Step { get; set; }
    }
}
