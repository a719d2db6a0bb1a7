using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>A table of tags: owner, key, value.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Owner">Column of the owner.</param>
/// <param name="What">What a tag is called in messages.</param>
internal sealed record TagTable(string Table, string Owner, string What)
{
    public static TagTable Models { get; } = new("model_tags", "model_id", "tag");

    public static TagTable Versions { get; } = new("version_tags", "version_id", "tag")
    {
        Insertion = "insert into version_tags (version_id, key, value, model, number) select v.id, @key, @value, v.model, v.number from versions v where v.id = @owner",
    };

    /// <summary>Inserts the tag <c>@key</c>, <c>@value</c> of <c>@owner</c>.</summary>
    public string Insertion { get; private init; } = $"insert into {Table} ({Owner}, key, value) values (@owner, @key, @value)";

    /// <summary>Adds the tags of a new owner.</summary>
    public async Task AddAsync(RegistrySession session, long owner, IReadOnlyDictionary<string, string> tags)
    {
        foreach ((string key, string value) in tags)
        {
            await session.ExecuteAsync(Insertion, new { owner, key, value });
        }
    }

    /// <summary>Sets a tag, or removes it when <paramref name="value"/> is null. Null when nothing changed.</summary>
    public async Task<Changed<string>?> SetAsync(RegistrySession session, long owner, string key, string? value)
    {
        StoredText.Key(key, $"the key of the {What}");
        StoredText.Optional(value, $"the value of {What} '{key}'");
        string? old = await session.FirstAsync<string>($"select value from {Table} where {Owner} = @owner and key = @key", new { owner, key });
        if (old == value)
        {
            return null;
        }

        await session.ExecuteAsync(
            value is null
                ? $"delete from {Table} where {Owner} = @owner and key = @key"
                : $"{Insertion} on conflict ({Owner}, key) do update set value = excluded.value",
            new { owner, key, value });
        return new Changed<string>(old, value);
    }
}
