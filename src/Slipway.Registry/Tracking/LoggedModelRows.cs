using System.Globalization;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;

namespace Slipway.Registry.Tracking;

/// <summary>A row of <c>logged_models</c>.</summary>
internal sealed class LoggedModelRow
{
    public const string Columns =
        """
        l.number, l.id, l.experiment_id as ExperimentId, l.name, l.artifact_uri as ArtifactUri, l.status, l.status_message as StatusMessage, l.model_type as ModelType,
        l.source_run_id as SourceRunId, l.creator_id as CreatorId, l.is_deleted as IsDeleted, l.created_at as CreatedAt, l.updated_at as UpdatedAt
        """;

    public long Number { get; set; }

    public string Id { get; set; } = "";

    public long ExperimentId { get; set; }

    public string Name { get; set; } = "";

    public string ArtifactUri { get; set; } = "";

    public long Status { get; set; }

    public string? StatusMessage { get; set; }

    public string? ModelType { get; set; }

    public string? SourceRunId { get; set; }

    public string? CreatorId { get; set; }

    public long IsDeleted { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}

/// <summary>Reads logged models with what belongs to them.</summary>
internal static class LoggedModelRows
{
    public static Task<LoggedModelRow?> FindAsync(RegistrySession session, string id, bool forUpdate = false) => session.FirstAsync<LoggedModelRow>(
        $"select {LoggedModelRow.Columns} from logged_models l where l.id = @id{(forUpdate ? session.Dialect.ForUpdate : "")}", new { id });

    /// <summary>A logged model that may be written to, locked for this transaction.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>, also when it is deleted.</exception>
    public static async Task<LoggedModelRow> GetActiveAsync(RegistrySession session, string id) =>
        await FindAsync(session, id, forUpdate: true) is { IsDeleted: 0 } row
            ? row
            : throw new SlipwayException(ErrorCode.NotFound, $"Logged model with ID '{id}' not found.");

    public static async Task<LoggedModel> LoadAsync(RegistrySession session, long key) => (await LoadAsync(session, [key]))[0];

    /// <summary>The logged models of the keys, in their order.</summary>
    public static async Task<IReadOnlyList<LoggedModel>> LoadAsync(RegistrySession session, IReadOnlyList<long> keys)
    {
        Dictionary<long, LoggedModelRow> rows = (await session.QueryForAsync<LoggedModelRow, long>(
            $"select {LoggedModelRow.Columns} from logged_models l where l.number in @keys", keys)).ToDictionary(static row => row.Number);
        Dictionary<long, IReadOnlyDictionary<string, string>> tags = TagRow.ByOwner(
            await session.QueryForAsync<TagRow, long>("select model as Owner, key, value from logged_model_tags where model in @keys", keys));
        Dictionary<long, IReadOnlyDictionary<string, string>> parameters = TagRow.ByOwner(
            await session.QueryForAsync<TagRow, long>("select model as Owner, key, value from logged_model_parameters where model in @keys", keys));
        ILookup<long, MetricRow> metrics = (await session.QueryForAsync<MetricRow, long>(
            """
            select model as Owner, key, occurred_at as OccurredAt, step, is_nan as IsNan, value, run_id as RunId, dataset_name as DatasetName, dataset_digest as DatasetDigest
            from logged_model_metrics where model in @keys order by model, key, run_id, dataset_name, dataset_digest
            """,
            keys)).ToLookup(static row => row.Owner);
        ILookup<string, RegistrationRow> registrations = (await session.QueryForAsync<RegistrationRow, string>(
            "select logged_model_id as LoggedModelId, model, number from versions where logged_model_id in @keys order by model, number",
            [.. rows.Values.Select(static row => row.Id)])).ToLookup(static row => row.LoggedModelId);
        return [.. keys.Where(rows.ContainsKey).Select(key => rows[key]).Select(row => Build(
            row, tags.GetValueOrDefault(row.Number), parameters.GetValueOrDefault(row.Number), metrics[row.Number], registrations[row.Id]))];
    }

    private static LoggedModel Build(
        LoggedModelRow row,
        IReadOnlyDictionary<string, string>? tags,
        IReadOnlyDictionary<string, string>? parameters,
        IEnumerable<MetricRow> metrics,
        IEnumerable<RegistrationRow> registrations) => new()
        {
            Id = row.Id,
            ExperimentId = row.ExperimentId.ToString(CultureInfo.InvariantCulture),
            Name = row.Name,
            ArtifactUri = row.ArtifactUri,
            Status = (LoggedModelStatus)row.Status,
            StatusMessage = row.StatusMessage,
            ModelType = row.ModelType,
            SourceRunId = row.SourceRunId,
            CreatorId = row.CreatorId,
            IsDeleted = row.IsDeleted != 0,
            Parameters = parameters ?? new Dictionary<string, string>(),
            Tags = tags ?? new Dictionary<string, string>(),
            Metrics = [.. metrics.Select(metric => metric.ToPoint(metric.RunId) with
            {
                ModelId = row.Id,
                DatasetName = metric.DatasetName is { Length: > 0 } name ? name : null,
                DatasetDigest = metric.DatasetDigest is { Length: > 0 } digest ? digest : null,
            })],
            Registrations = [.. registrations.Select(static registration => new ModelRegistration(registration.Model, registration.Number))],
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt),
        };

    private sealed class RegistrationRow
    {
        public string LoggedModelId { get; set; } = "";

        public string Model { get; set; } = "";

        public long Number { get; set; }
    }
}
