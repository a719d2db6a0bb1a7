using System.Text.Json;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>A row of <c>versions</c>.</summary>
internal sealed class VersionRow
{
    public const string Columns =
        """
        v.id, v.model_id as ModelId, v.model, v.number, v.manifest, v.status, v.status_message as StatusMessage, v.stage, v.source, v.format, v.signature_json as SignatureJson,
        v.description, v.parameters_json as ParametersJson, v.metrics_json as MetricsJson, v.run_id as RunId, v.run_link as RunLink, v.logged_model_id as LoggedModelId,
        v.training_data_digest as TrainingDataDigest, v.parent_version as ParentVersion, v.created_at as CreatedAt, v.updated_at as UpdatedAt, v.created_by as CreatedBy
        """;

    public long Id { get; set; }

    public long ModelId { get; set; }

    public string Model { get; set; } = "";

    public long Number { get; set; }

    public string? Manifest { get; set; }

    public long Status { get; set; }

    public string? StatusMessage { get; set; }

    public string Stage { get; set; } = "";

    public string Source { get; set; } = "";

    public string? Format { get; set; }

    public string? SignatureJson { get; set; }

    public string? Description { get; set; }

    public string? ParametersJson { get; set; }

    public string? MetricsJson { get; set; }

    public string? RunId { get; set; }

    public string? RunLink { get; set; }

    public string? LoggedModelId { get; set; }

    public string? TrainingDataDigest { get; set; }

    public long? ParentVersion { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public string CreatedBy { get; set; } = "";
}

/// <summary>An approval of a version.</summary>
internal sealed class ApprovalRow
{
    public long VersionId { get; set; }

    public string Actor { get; set; } = "";

    public long ApprovedAt { get; set; }

    public string? Comment { get; set; }
}

/// <summary>Reads versions with what belongs to them.</summary>
internal sealed class VersionRows(ManifestTable manifests)
{
    /// <summary>The row of a version.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>, <see cref="ErrorCode.VersionNotFound"/>.</exception>
    public static async Task<VersionRow> GetAsync(RegistrySession session, string model, long number)
    {
        if (await FindAsync(session, model, number) is { } row)
        {
            return row;
        }

        await ModelRows.GetAsync(session, model);
        throw new SlipwayException(ErrorCode.VersionNotFound, FormattableString.Invariant($"model '{model}' has no version {number}"));
    }

    public static Task<VersionRow?> FindAsync(RegistrySession session, string model, long number) =>
        session.FirstAsync<VersionRow>($"select {VersionRow.Columns} from versions v where v.model = @model and v.number = @number", new { model, number });

    /// <summary>The versions of the keys, in their order.</summary>
    public async Task<IReadOnlyList<ModelVersion>> LoadAsync(RegistrySession session, IReadOnlyList<long> keys) =>
        await BuildAsync(session, keys, await session.QueryForAsync<VersionRow, long>($"select {VersionRow.Columns} from versions v where v.id in @keys", keys));

    public async Task<ModelVersion> LoadAsync(RegistrySession session, VersionRow row) => (await BuildAsync(session, [row.Id], [row]))[0];

    public async Task<ModelVersion> LoadAsync(RegistrySession session, long key) => (await LoadAsync(session, [key]))[0];

    private async Task<IReadOnlyList<ModelVersion>> BuildAsync(RegistrySession session, IReadOnlyList<long> keys, List<VersionRow> rows)
    {
        Dictionary<long, IReadOnlyDictionary<string, string>> tags = TagRow.ByOwner(await session.QueryForAsync<TagRow, long>(
            "select version_id as Owner, key, value from version_tags where version_id in @keys", keys));
        ILookup<long, ApprovalRow> approvals = (await session.QueryForAsync<ApprovalRow, long>(
            "select version_id as VersionId, actor, approved_at as ApprovedAt, comment from approvals where version_id in @keys order by approved_at, actor", keys))
            .ToLookup(static row => row.VersionId);
        ILookup<(long, long), string> aliases = (await session.QueryForAsync<AliasRow, long>(
            "select model_id as ModelId, alias, number from aliases where model_id in @keys order by alias", [.. rows.Select(static row => row.ModelId).Distinct()]))
            .ToLookup(static row => (row.ModelId, row.Number), static row => row.Alias);
        Dictionary<string, ModelManifest> files = await manifests.LoadAsync(session, rows.Select(static row => row.Manifest).OfType<string>());
        Dictionary<long, VersionRow> byId = rows.ToDictionary(static row => row.Id);
        return [.. keys.Where(byId.ContainsKey).Select(key => byId[key]).Select(row => Build(
            row, row.Manifest is null ? null : files[row.Manifest], tags.GetValueOrDefault(row.Id), [.. aliases[(row.ModelId, row.Number)]], approvals[row.Id]))];
    }

    private static ModelVersion Build(
        VersionRow row, ModelManifest? manifest, IReadOnlyDictionary<string, string>? tags, string[] aliases, IEnumerable<ApprovalRow> approvals) => new()
        {
            Model = row.Model,
            Number = row.Number,
            Manifest = manifest,
            Status = (VersionStatus)row.Status,
            StatusMessage = row.StatusMessage,
            Stage = row.Stage,
            Source = row.Source,
            Format = row.Format,
            SignatureJson = row.SignatureJson,
            Description = row.Description,
            Tags = tags ?? NoTags,
            Parameters = row.ParametersJson is null ? NoTags : JsonSerializer.Deserialize(row.ParametersJson, EventJson.Default.DictionaryStringString)!,
            Metrics = row.MetricsJson is null ? NoMetrics : JsonSerializer.Deserialize(row.MetricsJson, EventJson.Default.DictionaryStringDouble)!,
            RunId = row.RunId,
            RunLink = row.RunLink,
            LoggedModelId = row.LoggedModelId,
            TrainingDataDigest = row.TrainingDataDigest,
            ParentVersion = row.ParentVersion,
            Aliases = aliases,
            Approvals = [.. approvals.Select(static row => new Approval(row.Actor, DateTimeOffset.FromUnixTimeMilliseconds(row.ApprovedAt), row.Comment))],
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt),
            CreatedBy = row.CreatedBy,
        };

    private static readonly Dictionary<string, string> NoTags = [];
    private static readonly Dictionary<string, double> NoMetrics = [];
}
