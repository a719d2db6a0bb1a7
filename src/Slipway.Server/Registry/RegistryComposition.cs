using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Inference.Repository;
using Slipway.Inference.Repository.Settings;
using Slipway.Registry;
using Slipway.Registry.Blobs;
using Slipway.Registry.Database;
using Slipway.Registry.Options;
using Slipway.Registry.PostgreSql;
using Slipway.Registry.S3;
using Slipway.Registry.Serving;
using Slipway.Server.Options;
using Slipway.Server.Stores;

namespace Slipway.Server.Registry;

/// <summary>Puts the registry together: for a server, and for commands that work on the store without one.</summary>
internal static class RegistryComposition
{
    /// <summary>Adds the registry, where there is a data folder to keep it in.</summary>
    /// <param name="services">The parts.</param>
    /// <param name="options">Where it is, and its bounds.</param>
    /// <param name="collectionGrace">How long collection spares what nothing refers to; null: as long as usual.</param>
    public static void Add(IServiceCollection services, ServerOptions options, TimeSpan? collectionGrace = null)
    {
        if (options.Data is not { } data)
        {
            return;
        }

        RegistrySettings settings = options.Registry;
        AddStores(services, settings, Path.GetFullPath(data));
        RegistryOptions registry = new()
        {
            DataFolder = Path.GetFullPath(data),
            Stages = settings.Stages,
            Approvals = settings.Approvals,
            MaxFileBytes = settings.MaxFileBytes,
        };
        services.AddSlipwayRegistry(registry with { CollectionGrace = collectionGrace ?? registry.CollectionGrace });
        services.AddSingleton(new RegistryLimits(settings.MaxFileBytes));
        services.AddSingleton<VersionInspector>();
        services.AddSingleton<PublishedContent>();
        services.AddSingleton<RegistryAudit>();
        services.AddSingleton<RegistryAccess>();
        services.AddSingleton(static provider => new RegistryStores(
            [.. ((StoreAvailability?[])[provider.GetRequiredService<StoreAvailability>(), provider.GetService<CachingBlobStore>()?.Remote]).OfType<StoreAvailability>()]));
        services.AddSingleton(provider => new RegistryModelSource(
            provider.GetRequiredKeyedService<IModelRegistry>(RegistryServices.Unguarded),
            provider.GetRequiredService<IBlobStore>(),
            new RegistryModelSourceOptions
            {
                DefaultAlias = settings.DefaultAlias,
                ServeWithoutAlias = settings.ServeWithoutAlias,
                Defaults = options.Models.Defaults,
                ReadConfig = ReadConfig,

                // With the embedded store whatever keeps the store away keeps the file away as well.
                SnapshotFile = settings.Store is null ? null : Path.Combine(Path.GetFullPath(data), "serving.json"),
            },
            provider.GetRequiredService<StoreAvailability>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RegistryModelSource>>()));
    }

    // What is added here stands in for the embedded parts. Files out of object storage are read through a cache, which also serves while the storage is away.
    private static void AddStores(IServiceCollection services, RegistrySettings settings, string data)
    {
        if (settings.Store is { } store)
        {
            services.AddSingleton<IRegistryDatabase>(_ => PostgreSqlDatabase.Create(store));
        }

        if (settings.Blobs is { } blobs)
        {
            services.AddSingleton(provider => new S3BlobStore(S3ConnectionString.Parse(blobs), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(provider => new CachingBlobStore(
                provider.GetRequiredService<S3BlobStore>(),
                new FolderBlobStore(Path.Combine(data, "blob-cache")),
                settings.CacheBytes,
                new StoreAvailability("object storage", provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StoreAvailability>>()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<CachingBlobStore>>()));
            services.AddSingleton<IBlobStore>(static provider => provider.GetRequiredService<CachingBlobStore>());
        }
    }

    /// <summary>What a version's own files say of how it is to be served.</summary>
    public static VersionConfig ReadConfig(ModelArtifact artifact, ModelConfig defaults)
    {
        (ModelSettings settings, string? problem) = ArtifactSettings.Read(artifact, defaults);
        return new VersionConfig(settings.Config, settings.MainFile, problem, settings.Notices);
    }
}
