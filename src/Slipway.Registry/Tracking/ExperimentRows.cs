using System.Globalization;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Models;

namespace Slipway.Registry.Tracking;

/// <summary>A row of <c>experiments</c>.</summary>
internal sealed class ExperimentRow
{
    public const string Columns =
        "e.id, e.name, e.artifact_location as ArtifactLocation, e.is_deleted as IsDeleted, e.created_at as CreatedAt, e.updated_at as UpdatedAt";

    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string ArtifactLocation { get; set; } = "";

    public long IsDeleted { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }
}

/// <summary>Reads experiments with their tags.</summary>
internal static class ExperimentRows
{
    /// <summary>The number that an identity stands for; null when it stands for none.</summary>
    public static long? Number(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    public static async Task<ExperimentRow?> FindAsync(RegistrySession session, string id) => Number(id) is { } number
        ? await session.FirstAsync<ExperimentRow>($"select {ExperimentRow.Columns} from experiments e where e.id = @number", new { number })
        : null;

    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>.</exception>
    public static async Task<ExperimentRow> GetAsync(RegistrySession session, string id) =>
        await FindAsync(session, id) ?? throw new SlipwayException(ErrorCode.NotFound, $"No Experiment with id={id} exists");

    /// <summary>An experiment that may be written to.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotFound"/>; <see cref="ErrorCode.InvalidRequest"/> when it is deleted.</exception>
    public static async Task<ExperimentRow> GetActiveAsync(RegistrySession session, string id)
    {
        ExperimentRow row = await GetAsync(session, id);
        return row.IsDeleted == 0
            ? row
            : throw new SlipwayException(ErrorCode.InvalidRequest, $"The experiment {id} must be in the 'active' state. Current state is deleted.");
    }

    /// <summary>The experiments of the keys, in their order.</summary>
    public static async Task<IReadOnlyList<Experiment>> LoadAsync(RegistrySession session, IReadOnlyList<long> keys)
    {
        Dictionary<long, ExperimentRow> rows = (await session.QueryForAsync<ExperimentRow, long>(
            $"select {ExperimentRow.Columns} from experiments e where e.id in @keys", keys)).ToDictionary(static row => row.Id);
        Dictionary<long, IReadOnlyDictionary<string, string>> tags = TagRow.ByOwner(await session.QueryForAsync<TagRow, long>(
            "select experiment_id as Owner, key, value from experiment_tags where experiment_id in @keys", keys));
        return [.. keys.Where(rows.ContainsKey).Select(key => Build(rows[key], tags.GetValueOrDefault(key)))];
    }

    private static Experiment Build(ExperimentRow row, IReadOnlyDictionary<string, string>? tags) => new()
    {
        Id = row.Id.ToString(CultureInfo.InvariantCulture),
        Name = row.Name,
        ArtifactLocation = row.ArtifactLocation,
        IsDeleted = row.IsDeleted != 0,
        Tags = tags ?? new Dictionary<string, string>(),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt),
    };
}
