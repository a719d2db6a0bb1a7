using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Registry.Artifacts;
using Slipway.Registry.Blobs;
using Slipway.Registry.Coordination;
using Slipway.Registry.Database;
using Slipway.Registry.Maintenance;
using Slipway.Registry.Models;
using Slipway.Registry.Options;
using Slipway.Registry.Sqlite;
using Slipway.Registry.Tracking;

namespace Slipway.Registry;

/// <summary>Puts the registry together.</summary>
public static class RegistryServices
{
    /// <summary>
    /// Key of the <see cref="IModelRegistry"/> around which a host puts no guards: for work that is the server's own, even when a caller's request set it off.
    /// </summary>
    public const string Unguarded = "unguarded";

    /// <summary>
    /// Adds <see cref="IModelRegistry"/>, <see cref="ITrackingStore"/>, <see cref="IArtifactStore"/> and what looks after their data. The database and the blob store are the embedded
    /// ones in <see cref="RegistryOptions.DataFolder"/> unless an <see cref="IRegistryDatabase"/> or <see cref="IBlobStore"/> was added before. Nothing is opened until it is used.
    /// </summary>
    public static IServiceCollection AddSlipwayRegistry(this IServiceCollection services, RegistryOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<IRegistryDatabase>(static provider =>
        {
            RegistryOptions options = provider.GetRequiredService<RegistryOptions>();
            FolderFiles.CreatePrivateFolder(options.DataFolder);
            return new SqliteDatabase(options.DatabaseFile, provider.GetRequiredService<TimeProvider>());
        });
        services.TryAddSingleton<IBlobStore>(static provider => new FolderBlobStore(provider.GetRequiredService<RegistryOptions>().BlobFolder));
        services.TryAddSingleton<RegistryStore>();
        services.TryAddSingleton(static provider => new StoreAvailability(
            "database", provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StoreAvailability>>()));
        services.TryAddSingleton<ISharedRecords, SharedRecords>();

        services.TryAddSingleton<StageNames>();
        services.TryAddSingleton<ApprovalRules>();
        services.TryAddSingleton<ManifestTable>();
        services.TryAddSingleton<VersionRows>();
        services.TryAddSingleton<ModelCommands>();
        services.TryAddSingleton<VersionCreation>();
        services.TryAddSingleton<VersionCommands>();
        services.TryAddSingleton<AliasCommands>();
        services.TryAddSingleton<ModelQueries>();
        services.TryAddSingleton<HistoryQueries>();
        services.TryAddSingleton<LineageQueries>();
        services.TryAddSingleton<EventWatch>();
        services.TryAddKeyedSingleton<IModelRegistry, ModelRegistry>(Unguarded);
        services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IModelRegistry>(Unguarded));

        services.TryAddSingleton<Experiments>();
        services.TryAddSingleton<Runs>();
        services.TryAddSingleton<RunLog>();
        services.TryAddSingleton<MetricHistory>();
        services.TryAddSingleton<LoggedModels>();
        services.TryAddSingleton<ITrackingStore, TrackingStore>();
        services.TryAddSingleton<IArtifactStore, ArtifactStore>();

        services.TryAddSingleton(static provider => new GarbageCollector(
            provider.GetRequiredService<RegistryStore>(),
            provider.GetRequiredService<IBlobStore>(),
            provider.GetRequiredService<RegistryOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(static provider => new DataCheck(
            provider.GetRequiredService<RegistryStore>(), provider.GetRequiredService<IBlobStore>(), provider.GetRequiredService<ManifestTable>()));
        services.TryAddSingleton(static provider => new DataBackup(
            provider.GetRequiredService<RegistryStore>(), provider.GetRequiredService<IBlobStore>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
