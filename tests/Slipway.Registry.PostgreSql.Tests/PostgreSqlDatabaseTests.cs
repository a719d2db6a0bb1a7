using System.Data.Common;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.PostgreSql.Tests;

public sealed class PostgreSqlDatabaseTests(PostgresFixture servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Writers_of_several_processes_follow_one_another_and_see_what_was_committed_before()
    {
        string text = await servers.CreateDatabaseAsync();
        await using PostgreSqlDatabase one = PostgreSqlDatabase.Create(text);
        await using PostgreSqlDatabase two = PostgreSqlDatabase.Create(text);
        await WriteAsync(one, "create table marks (mark bigint)");

        RegistryTransaction first = await one.BeginWriteAsync(WriteScope.Registry, default);
        Task<RegistryTransaction> second = two.BeginWriteAsync(WriteScope.Registry, default).AsTask();
        await ExecuteAsync(first, "insert into marks values (1)");
        await WaitForWaiterAsync(one);
        bool waited = !second.IsCompleted;
        await first.CommitAsync(default);
        await first.DisposeAsync();

        await using RegistryTransaction next = await second.WaitAsync(Soon);
        Assert.True(waited);
        Assert.Equal(1L, await ExecuteAsync(next, "select count(*) from marks"));
    }

    [Fact]
    public async Task A_writer_whose_connection_is_killed_changes_nothing_and_holds_nobody_up()
    {
        string text = await servers.CreateDatabaseAsync();
        await using PostgreSqlDatabase one = PostgreSqlDatabase.Create(text);
        await using PostgreSqlDatabase two = PostgreSqlDatabase.Create(text);
        await WriteAsync(one, "create table marks (mark bigint)");
        RegistryTransaction first = await one.BeginWriteAsync(WriteScope.Registry, default);
        await ExecuteAsync(first, "insert into marks values (1)");
        object? process = await ExecuteAsync(first, "select pg_backend_pid()");
        await using (RegistryTransaction reading = await two.BeginReadAsync(default))
        {
            await ExecuteAsync(reading, $"select pg_terminate_backend({process})");
        }

        await using RegistryTransaction next = await two.BeginWriteAsync(WriteScope.Registry, default).AsTask().WaitAsync(Soon);
        DbException fault = await Assert.ThrowsAnyAsync<DbException>(() => first.CommitAsync(default));
        await first.DisposeAsync();

        Assert.Equal(0L, await ExecuteAsync(next, "select count(*) from marks"));
        Assert.Equal(ErrorCode.StoreUnavailable, one.Translate(fault).Code);
    }

    [Fact]
    public async Task Writers_that_wait_too_long_are_told_that_the_store_is_busy()
    {
        string text = await servers.CreateDatabaseAsync();
        await using PostgreSqlDatabase one = PostgreSqlDatabase.Create(text);
        await using PostgreSqlDatabase two = PostgreSqlDatabase.Create(text, TimeSpan.FromMilliseconds(50));
        await using RegistryTransaction first = await one.BeginWriteAsync(WriteScope.Registry, default);

        DbException fault = await Assert.ThrowsAnyAsync<DbException>(() => two.BeginWriteAsync(WriteScope.Registry, default).AsTask());

        Assert.Equal(ErrorCode.Overloaded, two.Translate(fault).Code);
        Assert.NotNull(two.Translate(fault).RetryAfter);
    }

    [Fact]
    public async Task Readers_see_one_moment()
    {
        string text = await servers.CreateDatabaseAsync();
        await using PostgreSqlDatabase database = PostgreSqlDatabase.Create(text);
        await WriteAsync(database, "create table marks (mark bigint)");
        await using RegistryTransaction reading = await database.BeginReadAsync(default);

        await WriteAsync(database, "insert into marks values (1)");

        Assert.Equal(0L, await ExecuteAsync(reading, "select count(*) from marks"));
    }

    [Fact]
    public async Task Watchers_hear_of_commits_of_other_processes_and_of_nothing_that_was_taken_back()
    {
        string text = await servers.CreateDatabaseAsync();
        await using PostgreSqlDatabase one = PostgreSqlDatabase.Create(text);
        await using PostgreSqlDatabase two = PostgreSqlDatabase.Create(text);
        await using IAsyncEnumerator<bool> news = two.WatchAsync(default).GetAsyncEnumerator();
        Assert.True(await news.MoveNextAsync());
        Task<bool> next = news.MoveNextAsync().AsTask();

        await using (RegistryTransaction writing = await one.BeginWriteAsync(WriteScope.Registry, default))
        {
            await one.AnnounceAsync(writing, default);
            Assert.False(next.IsCompleted);
            await writing.CommitAsync(default);
        }

        Assert.True(await next.WaitAsync(Soon));
    }

    [Fact]
    public async Task Two_schemas_of_one_database_have_writers_of_their_own()
    {
        string text = await servers.CreateDatabaseAsync();
        await using PostgreSqlDatabase one = PostgreSqlDatabase.Create(text + "?schema=one");
        await using PostgreSqlDatabase two = PostgreSqlDatabase.Create(text + "?schema=two");
        foreach (PostgreSqlDatabase database in new[] { one, two })
        {
            await using RegistryTransaction migrating = await database.BeginMigrationAsync(default);
            await ExecuteAsync(migrating, "create table marks (mark bigint)");
            await migrating.CommitAsync(default);
        }

        await using RegistryTransaction first = await one.BeginWriteAsync(WriteScope.Registry, default);
        await using RegistryTransaction second = await two.BeginWriteAsync(WriteScope.Registry, default).AsTask().WaitAsync(Soon);
        await ExecuteAsync(first, "insert into marks values (1)");
        Assert.Equal(0L, await ExecuteAsync(second, "select count(*) from marks"));
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        string text = await (await servers.GetAsync()).CreateDatabaseAsync("--encoding", "LATIN1", "--locale", "C", "--template", "template0");
        await using PostgreSqlDatabase other = PostgreSqlDatabase.Create(text);

        SlipwayException refused = await Assert.ThrowsAsync<SlipwayException>(() => other.BeginReadAsync(default).AsTask());

        Assert.Contains("UTF8", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody-here", "slipway1", "user or password")]
    [InlineData("postgres", "nothing-here", "no such database")]
    public async Task Who_may_not_or_finds_nothing_is_told_so(string user, string database, string expected)
    {
        string text = (await (await servers.GetAsync()).CreateDatabaseAsync()).Replace("postgres@", user + "@", StringComparison.Ordinal);
        text = text[..(text.LastIndexOf('/') + 1)] + database;
        await using PostgreSqlDatabase wrong = PostgreSqlDatabase.Create(text);

        DbException fault = await Assert.ThrowsAnyAsync<DbException>(() => wrong.BeginReadAsync(default).AsTask());

        SlipwayException told = wrong.Translate(fault);
        Assert.Equal(ErrorCode.StoreUnavailable, told.Code);
        Assert.Contains(expected, told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select E'a\\x00b'::text", ErrorCode.InvalidRequest)]
    [InlineData("select 9223372036854775807 + 1", ErrorCode.InvalidRequest)]
    [InlineData("select 1 / 0", ErrorCode.Internal)]
    public async Task Faults_of_statements_keep_the_statement_to_themselves(string statement, ErrorCode expected)
    {
        await using PostgreSqlDatabase database = PostgreSqlDatabase.Create(await servers.CreateDatabaseAsync());
        await using RegistryTransaction reading = await database.BeginReadAsync(default);

        DbException fault = await Assert.ThrowsAnyAsync<DbException>(() => ExecuteAsync(reading, statement));

        SlipwayException told = database.Translate(fault);
        Assert.Equal(expected, told.Code);
        Assert.DoesNotContain("select", told.Message, StringComparison.Ordinal);
        Assert.False(database.ShouldRetry(fault));
    }

    private static async Task<object?> ExecuteAsync(RegistryTransaction transaction, string statement)
    {
        await using DbCommand command = transaction.Connection.CreateCommand();
        command.Transaction = transaction.Transaction;
        command.CommandText = statement;
        return await command.ExecuteScalarAsync();
    }

    private static async Task WriteAsync(PostgreSqlDatabase database, string statement)
    {
        await using RegistryTransaction writing = await database.BeginWriteAsync(WriteScope.Tracking, default);
        await ExecuteAsync(writing, statement);
        await writing.CommitAsync(default);
    }

    private static async Task WaitForWaiterAsync(PostgreSqlDatabase database)
    {
        while (true)
        {
            await using RegistryTransaction reading = await database.BeginReadAsync(default);
            if (await ExecuteAsync(reading, "select count(*) from pg_locks where locktype = 'advisory' and not granted") is > 0L)
            {
                return;
            }
        }
    }
}
