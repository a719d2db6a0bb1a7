using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Registry.Blobs;
using Slipway.Registry.Maintenance;
using Slipway.Server.Options;
using Slipway.Server.Registry;
using Slipway.Server.Trust;
using Slipway.Trust.Encryption;

namespace Slipway.Server.Hosting;

/// <summary>The registry of a data folder, for commands that work without a server. Servers on the same folder see what is changed within a second.</summary>
public sealed class EmbeddedRegistry : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EmbeddedRegistry(ServiceProvider services, string actor)
    {
        _services = services;
        Api = services.GetRequiredService<RegistryAccess>().For(actor);
    }

    /// <summary>What can be done with it.</summary>
    public IRegistryApi Api { get; }

    /// <summary>Checks that its data is whole.</summary>
    public DataCheck Check => _services.GetRequiredService<DataCheck>();

    /// <summary>Removes what nothing refers to.</summary>
    public GarbageCollector Collector => _services.GetRequiredService<GarbageCollector>();

    /// <summary>Backs it up to a folder; encrypted content stays encrypted, and its wrapped keys go with it.</summary>
    /// <exception cref="SlipwayException">As <see cref="DataBackup.BackUpAsync"/>; <see cref="ErrorCode.FailedPrecondition"/> when the folder holds encrypted content of another store.</exception>
    public Task<BackupReport> BackUpAsync(string folder, CancellationToken cancellationToken)
    {
        BlobCopy? copy = null;
        if (_services.GetRequiredService<IBlobStore>() is EncryptedBlobStore encrypted)
        {
            SealedBlobs target = SealedIn(folder);
            copy = (digest, length, cancellation) => encrypted.Sealed.CopyToAsync(target, digest, length, cancellation);
        }
        else if (HoldsEnvelopes(folder))
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, "the folder holds a backup of encrypted content, and that of this store is not encrypted: choose another folder");
        }

        return _services.GetRequiredService<DataBackup>().BackUpAsync(folder, copy, cancellationToken);
    }

    /// <summary>Puts a backup in the place of an embedded store's data. No key is needed for encrypted content; to read it afterwards, those that its keys are wrapped with are.</summary>
    /// <exception cref="SlipwayException">As <see cref="DataBackup.RestoreAsync"/>.</exception>
    public static Task<BackupReport> RestoreAsync(string folder, string data, CancellationToken cancellationToken)
    {
        BlobCopy? copy = null;
        if (HoldsEnvelopes(folder))
        {
            SealedBlobs source = SealedIn(folder);
            SealedBlobs target = SealedIn(data);
            copy = (digest, length, cancellation) => source.CopyToAsync(target, digest, length, cancellation);
        }

        return DataBackup.RestoreAsync(folder, data, copy, cancellationToken);
    }

    /// <summary>Opens the store that the options name; it is made when it is not there.</summary>
    /// <param name="options">As for a server.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="collectionGrace">How long collection spares what nothing refers to; null: as long as usual.</param>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.InvalidConfiguration"/>: nothing is to be kept, so there is no registry; or content there is encrypted, and the options say nothing of it.
    /// </exception>
    public static EmbeddedRegistry Open(ServerOptions options, string actor, TimeSpan? collectionGrace = null)
    {
        options.Data = DataFolder.Resolve(options.Data)
            ?? throw new SlipwayException(ErrorCode.InvalidConfiguration, $"data: '{DataFolder.None}' keeps nothing, and so there is no registry: name a folder");
        RequireEncryption(options);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddShippedFormats();
        string data = Path.GetFullPath(options.Data);
        RegistryComposition.Add(services, options, collectionGrace);
        TrustServices.AddEncryption(services, options, data);
        services.AddSingleton(_ => new EmbeddedAudit(data, options.Audit.Key, TimeProvider.System));
        services.AddSingleton<IAuditSink>(static provider => provider.GetRequiredService<EmbeddedAudit>());
        TrustServices.AddGate(services, options, null);
        return new EmbeddedRegistry(services.BuildServiceProvider(), actor);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // Without its envelopes all encrypted content looks like content of nobody: it could not be read, and a collection would remove it.
    private static void RequireEncryption(ServerOptions options)
    {
        if (!options.Encryption.IsEnabled && HoldsEnvelopes(Path.GetFullPath(options.Data!)))
        {
            throw new SlipwayException(
                ErrorCode.InvalidConfiguration, "content of this store is encrypted, but security.encryption is not configured: name the server's configuration by --config");
        }
    }

    private static bool HoldsEnvelopes(string folder) =>
        Path.Combine(folder, TrustServices.EnvelopesFolder) is var envelopes
        && Directory.Exists(envelopes) && Directory.EnumerateFiles(envelopes, "*", SearchOption.AllDirectories).Any();

    // A data folder and a backup keep them in folders of the same names.
    private static SealedBlobs SealedIn(string folder) => new(
        new FolderBlobStore(Path.Combine(folder, DataBackup.BlobFolder)), new FolderEnvelopeStore(Path.Combine(folder, TrustServices.EnvelopesFolder)));
}
