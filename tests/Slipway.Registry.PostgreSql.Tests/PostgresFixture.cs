using Slipway.Registry.PostgreSql.Tests;
using Slipway.TestKit.Servers;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Slipway.Registry.PostgreSql.Tests;

/// <summary>One server for all tests that don't stop it, started when first asked for; each test has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> _server = new(static () => PostgresServer.StartAsync());

    private readonly Lazy<Task<S3Server>> _objects = new(static () => S3Server.StartAsync());

    /// <summary>Connection string of an empty database; skips the test where PostgreSQL is not installed.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await GetAsync()).CreateDatabaseAsync();

    /// <summary>The server; not to be stopped.</summary>
    public Task<PostgresServer> GetAsync()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.Missing);
        return _server.Value;
    }

    /// <summary>An S3 server; there has to be one.</summary>
    public Task<S3Server> GetObjectsAsync() => _objects.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }

        if (_objects.IsValueCreated)
        {
            await (await _objects.Value).DisposeAsync();
        }
    }
}
