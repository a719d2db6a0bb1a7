using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slipway.Registry.Tests.Kit;

namespace Slipway.Registry.PostgreSql.Tests.Scale;

public sealed class ScaleOldSchemaTests(PostgresFixture servers) : OldSchemaKit
{
    private ScaleStore? _store;

    protected override string Database => "postgresql";

    public override async ValueTask InitializeAsync()
    {
        _store = await ScaleStore.CreateAsync(servers);
        await base.InitializeAsync();
    }

    protected override void AddStore(IServiceCollection services) => _store!.AddTo(services);

    protected override async Task LoadAsync(string sql)
    {
        // A dump leaves its connection without a search path: one of its own, and not back into the pool.
        NpgsqlConnectionStringBuilder connection = new(PostgreSqlConnectionString.Parse(_store!.Database).Connection.ConnectionString) { Pooling = false };
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
