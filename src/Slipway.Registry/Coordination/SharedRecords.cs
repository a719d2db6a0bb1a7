using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Coordination;

/// <summary>Shared records in the registry's database. Writers queue at the row of the counter, so that revisions come in the order of commits and no reader misses one.</summary>
internal sealed class SharedRecords(RegistryStore store) : ISharedRecords
{
    public async Task<IReadOnlyList<SharedRecord>> ReadAsync(string kind, long after, CancellationToken cancellationToken)
    {
        List<SharedRow> rows = await store.ReadAsync(
            session => session.QueryAsync<SharedRow>(
                """
                select key as "Key", revision as "Revision", value as "Value"
                from shared_records where kind = @kind and revision > @after order by revision, key
                """,
                new { kind, after }),
            cancellationToken);
        return [.. rows.Select(static row => new SharedRecord(row.Key, row.Revision, row.Value))];
    }

    public Task<long?> WriteAsync(IReadOnlyList<SharedWrite> writes, CancellationToken cancellationToken) => store.WriteAsync(
        WriteScope.Tracking,
        async session =>
        {
            long revision = await session.ExactNumberAsync("update shared_revision set value = value + 1 where id = 1 returning value");
            foreach (SharedWrite write in writes)
            {
                if (write.Expected is { } expected
                    && expected != (await session.NumberAsync("select revision from shared_records where kind = @Kind and key = @Key", new { write.Kind, write.Key }) ?? 0))
                {
                    return (long?)null;
                }
            }

            foreach (SharedWrite write in writes)
            {
                await session.ExecuteAsync(
                    """
                    insert into shared_records (kind, key, revision, value) values (@Kind, @Key, @revision, @Value)
                    on conflict (kind, key) do update set revision = excluded.revision, value = excluded.value
                    """,
                    new { write.Kind, write.Key, revision, write.Value });
            }

            return revision;
        },
        cancellationToken);

    /// <summary>A row of <c>shared_records</c>.</summary>
    private sealed class SharedRow
    {
        public string Key { get; set; } = "";

        public long Revision { get; set; }

        public string Value { get; set; } = "";
    }
}
