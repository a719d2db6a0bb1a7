using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>A row of <c>models</c>.</summary>
internal sealed class ModelRow
{
    public const string Columns =
        "m.id, m.name, m.description, m.next_version as NextVersion, m.created_at as CreatedAt, m.updated_at as UpdatedAt, m.created_by as CreatedBy";

    public long Id { get; set; }

    public string Name { get; set; } = "";

    public string? Description { get; set; }

    public long NextVersion { get; set; }

    public long CreatedAt { get; set; }

    public long UpdatedAt { get; set; }

    public string CreatedBy { get; set; } = "";
}

/// <summary>A key and value of something.</summary>
internal sealed class TagRow
{
    public long Owner { get; set; }

    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    /// <summary>Tags by owner.</summary>
    public static Dictionary<long, IReadOnlyDictionary<string, string>> ByOwner(IEnumerable<TagRow> rows) => rows
        .GroupBy(static row => row.Owner)
        .ToDictionary(static group => group.Key, static IReadOnlyDictionary<string, string> (group) => group.ToDictionary(row => row.Key, row => row.Value, StringComparer.Ordinal));
}

/// <summary>An alias of a model.</summary>
internal sealed class AliasRow
{
    public long ModelId { get; set; }

    public string Alias { get; set; } = "";

    public long Number { get; set; }
}

/// <summary>Reads models with what belongs to them.</summary>
internal static class ModelRows
{
    /// <summary>The row of the model.</summary>
    /// <param name="session">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="forUpdate">Whether this transaction is going to change it.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ModelNotFound"/>.</exception>
    public static async Task<ModelRow> GetAsync(RegistrySession session, string name, bool forUpdate = false) =>
        await FindAsync(session, name, forUpdate) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no model '{name}'");

    public static Task<ModelRow?> FindAsync(RegistrySession session, string name, bool forUpdate = false) => session.FirstAsync<ModelRow>(
        $"select {ModelRow.Columns} from models m where m.name = @name{(forUpdate ? session.Dialect.ForUpdate : "")}", new { name });

    /// <summary>The models of the keys, in their order.</summary>
    public static async Task<IReadOnlyList<RegisteredModel>> LoadAsync(RegistrySession session, IReadOnlyList<long> keys)
    {
        List<ModelRow> rows = await session.QueryForAsync<ModelRow, long>($"select {ModelRow.Columns} from models m where m.id in @keys", keys);
        Dictionary<long, IReadOnlyDictionary<string, string>> tags = TagRow.ByOwner(await session.QueryForAsync<TagRow, long>(
            "select model_id as Owner, key, value from model_tags where model_id in @keys", keys));
        ILookup<long, AliasRow> aliases = (await session.QueryForAsync<AliasRow, long>(
            "select model_id as ModelId, alias, number from aliases where model_id in @keys", keys)).ToLookup(static row => row.ModelId);
        Dictionary<long, ModelRow> byId = rows.ToDictionary(static row => row.Id);
        return [.. keys.Where(byId.ContainsKey).Select(key => Build(byId[key], tags.GetValueOrDefault(key), aliases[key]))];
    }

    public static async Task<RegisteredModel> LoadAsync(RegistrySession session, long key) => (await LoadAsync(session, [key]))[0];

    /// <summary>Says that the model, or one of its versions, has changed.</summary>
    public static Task TouchAsync(RegistrySession session, long id, long time) =>
        session.ExecuteAsync("update models set updated_at = @time where id = @id", new { id, time });

    private static RegisteredModel Build(ModelRow row, IReadOnlyDictionary<string, string>? tags, IEnumerable<AliasRow> aliases) => new()
    {
        Name = row.Name,
        Description = row.Description,
        Tags = tags ?? Empty,
        Aliases = aliases.ToDictionary(static alias => alias.Alias, static alias => alias.Number, StringComparer.Ordinal),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.UpdatedAt),
        CreatedBy = row.CreatedBy,
    };

    private static readonly Dictionary<string, string> Empty = [];
}
