using Dapper;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Sqlite;
using Slipway.TestKit;

namespace Slipway.Registry.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_store_gets_the_newest_schema_once()
    {
        await using SqliteDatabase database = new(_folder.PathOf("store.db"), TimeProvider.System);
        using RegistryStore first = new(database, TimeProvider.System);
        using RegistryStore second = new(database, TimeProvider.System);
        await first.PrepareAsync(CancellationToken.None);
        await second.PrepareAsync(CancellationToken.None);

        long steps = await second.ReadAsync(session => session.ExactNumberAsync("select count(*) from slipway_schema"), CancellationToken.None);

        Assert.Equal(Migrations.All.Count, steps);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await using SqliteDatabase database = new(_folder.PathOf("store.db"), TimeProvider.System);
        using RegistryStore store = new(database, TimeProvider.System);
        await store.WriteAsync(
            WriteScope.Registry,
            session => session.ExecuteAsync("insert into slipway_schema values (9999, 'from the future', 0)"),
            CancellationToken.None);

        using RegistryStore later = new(database, TimeProvider.System);
        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => later.PrepareAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("9999", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_committed_is_taken_back()
    {
        await using SqliteDatabase database = new(_folder.PathOf("store.db"), TimeProvider.System);
        using RegistryStore store = new(database, TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync<bool>(
            WriteScope.Registry,
            async session =>
            {
                await session.ExecuteAsync("insert into experiments values (7, 'x', '', 0, 0, 0)");
                throw new InvalidOperationException("on purpose");
            },
            CancellationToken.None));

        Assert.Equal(1, await store.ReadAsync(session => session.ExactNumberAsync("select count(*) from experiments"), CancellationToken.None));
    }

    [Fact]
    public async Task A_commit_of_another_process_is_noticed()
    {
        await using SqliteDatabase here = new(_folder.PathOf("store.db"), TimeProvider.System);
        await using SqliteDatabase elsewhere = new(_folder.PathOf("store.db"), TimeProvider.System);
        using RegistryStore store = new(elsewhere, TimeProvider.System);
        await store.PrepareAsync(CancellationToken.None);
        await using IAsyncEnumerator<bool> changes = here.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await changes.MoveNextAsync());

        ValueTask<bool> next = changes.MoveNextAsync();
        await store.WriteAsync(WriteScope.Tracking, session => session.ExecuteAsync("delete from experiments"), CancellationToken.None);

        Assert.True(await next.AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_by_name()
    {
        string file = _folder.Write("store.db", new string('x', 4096));
        await using SqliteDatabase database = new(file, TimeProvider.System);
        using RegistryStore store = new(database, TimeProvider.System);

        SlipwayException refusal = await Assert.ThrowsAsync<SlipwayException>(() => store.PrepareAsync(CancellationToken.None));

        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Root, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_sync_what_the_scope_promises()
    {
        await using SqliteDatabase database = new(_folder.PathOf("store.db"), TimeProvider.System);
        Assert.Equal(2, await SynchronousAsync(WriteScope.Registry));
        Assert.Equal(1, await SynchronousAsync(WriteScope.Tracking));

        async Task<long> SynchronousAsync(WriteScope scope)
        {
            await using RegistryTransaction transaction = await database.BeginWriteAsync(scope, CancellationToken.None);
            return await transaction.Connection.ExecuteScalarAsync<long>("pragma synchronous", transaction: transaction.Transaction);
        }
    }
}
