using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.S3;
using Slipway.TestKit.Servers;

namespace Slipway.Registry.PostgreSql.Tests.Scale;

/// <summary>A database and a part of a bucket of one test's own, in place of the embedded store.</summary>
internal sealed class ScaleStore
{
    private readonly string? _blobs;

    private ScaleStore(string database, string? blobs)
    {
        Database = database;
        _blobs = blobs;
    }

    /// <summary>Connection string of the database.</summary>
    public string Database { get; }

    /// <summary>Makes one; without an S3 server blobs stay in a folder. Skips the test where there is no PostgreSQL.</summary>
    public static async Task<ScaleStore> CreateAsync(PostgresFixture servers)
    {
        string database = await servers.CreateDatabaseAsync();
        return new ScaleStore(database, S3Server.Kinds.Count == 0 ? null : (await servers.GetObjectsAsync()).ConnectionString());
    }

    /// <summary>Adds it.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IRegistryDatabase>(_ => PostgreSqlDatabase.Create(Database));
        if (_blobs is { } blobs)
        {
            services.AddSingleton<IBlobStore>(_ => new S3BlobStore(S3ConnectionString.Parse(blobs), TimeProvider.System));
        }
    }
}
