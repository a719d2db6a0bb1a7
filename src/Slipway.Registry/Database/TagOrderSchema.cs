namespace Slipway.Registry.Database;

/// <summary>
/// The model's name and the version's number are repeated in each tag of a version, so that a page of the versions with a tag comes from one index, in the order of versions, however many
/// there are and wherever among the models they lie. A rename writes them too.
/// </summary>
internal static class TagOrderSchema
{
    public static IReadOnlyList<string> Third { get; } =
    [
        "alter table version_tags add column model {text} not null default ''",
        "alter table version_tags add column number bigint not null default 0",
        """
        update version_tags set
            model = (select v.model from versions v where v.id = version_tags.version_id),
            number = (select v.number from versions v where v.id = version_tags.version_id)
        """,
        "drop index version_tags_by_value",
        "create index version_tags_by_value on version_tags (key, substr(value, 1, 64), model, number desc)",
    ];
}
