using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Registry.Database;
using Slipway.Registry.Options;
using Slipway.Registry.PostgreSql;
using Slipway.Registry.S3;

namespace Slipway.Registry.Worker;

/// <summary>Where the registry is.</summary>
/// <param name="Folder">Folder of the embedded parts.</param>
/// <param name="Database">Connection string of PostgreSQL; null: the embedded database.</param>
/// <param name="Blobs">Connection string of object storage; null: the embedded folder.</param>
public sealed record StoreSettings(string Folder, string? Database = null, string? Blobs = null)
{
    private const string Prefix = "SLIPWAY_WORKER_";

    /// <summary>What this process was started with.</summary>
    public static StoreSettings FromEnvironment() => new(
        Environment.GetEnvironmentVariable(Prefix + "FOLDER") ?? throw new InvalidOperationException("no store is named"),
        Environment.GetEnvironmentVariable(Prefix + "DATABASE"),
        Environment.GetEnvironmentVariable(Prefix + "BLOBS"));

    /// <summary>What a process is started with.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToEnvironment() =>
        from pair in new[] { ("FOLDER", Folder), ("DATABASE", Database), ("BLOBS", Blobs) }
        where pair.Item2 is not null
        select KeyValuePair.Create(Prefix + pair.Item1, pair.Item2);

    /// <summary>Opens it.</summary>
    /// <param name="grace">How long collection spares what nothing refers to.</param>
    public ServiceProvider Open(TimeSpan? grace = null)
    {
        ServiceCollection services = [];
        services.AddLogging();
        if (Database is { } database)
        {
            services.AddSingleton<IRegistryDatabase>(_ => PostgreSqlDatabase.Create(database));
        }

        if (Blobs is { } blobs)
        {
            services.AddSingleton<IBlobStore>(_ => new S3BlobStore(S3ConnectionString.Parse(blobs), TimeProvider.System));
        }

        return services.AddSlipwayRegistry(new RegistryOptions { DataFolder = Folder, CollectionGrace = grace ?? TimeSpan.FromHours(1) }).BuildServiceProvider();
    }
}
