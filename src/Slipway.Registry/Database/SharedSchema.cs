namespace Slipway.Registry.Database;

/// <summary>Tables of the records that replicas share: one counter of revisions, one table for all kinds.</summary>
internal static class SharedSchema
{
    public static IReadOnlyList<string> Second { get; } =
    [
        "create table shared_revision (id bigint not null primary key, value bigint not null)",
        "insert into shared_revision (id, value) values (1, 0)",
        """
        create table shared_records (
            kind {text} not null,
            key {text} not null,
            revision bigint not null,
            value {text} not null,
            primary key (kind, key)){clustered}
        """,
        "create index shared_records_by_revision on shared_records (kind, revision)",
    ];
}
