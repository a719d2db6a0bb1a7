using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Registry.Maintenance;
using Slipway.Server.Options;
using Slipway.Server.Registry;
using Slipway.Server.Trust;

namespace Slipway.Server.Hosting;

/// <summary>The registry of a data folder, for commands that work without a server. Servers on the same folder see what is changed within a second.</summary>
public sealed class EmbeddedRegistry : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly bool _isEncrypted;

    private EmbeddedRegistry(ServiceProvider services, string actor, bool isEncrypted)
    {
        (_services, _isEncrypted) = (services, isEncrypted);
        Api = services.GetRequiredService<RegistryAccess>().For(actor);
    }

    /// <summary>What can be done with it.</summary>
    public IRegistryApi Api { get; }

    /// <summary>Checks that its data is whole.</summary>
    public DataCheck Check => _services.GetRequiredService<DataCheck>();

    /// <summary>Removes what nothing refers to.</summary>
    public GarbageCollector Collector => _services.GetRequiredService<GarbageCollector>();

    /// <summary>Copies it to a folder.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/>: content is encrypted, and a backup would hold it in the clear.</exception>
    public DataBackup OpenBackup() => _isEncrypted
        ? throw new SlipwayException(
            ErrorCode.NotSupported,
            "the content is encrypted, and this backup would hold it in the clear: stop the server and copy the data folder, or take a snapshot of its file system; keep the keys elsewhere")
        : _services.GetRequiredService<DataBackup>();

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
        return new EmbeddedRegistry(services.BuildServiceProvider(), actor, options.Encryption.IsEnabled);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // Without its envelopes all encrypted content looks like content of nobody: it could not be read, and a collection would remove it.
    private static void RequireEncryption(ServerOptions options)
    {
        string envelopes = Path.Combine(Path.GetFullPath(options.Data!), TrustServices.EnvelopesFolder);
        if (!options.Encryption.IsEnabled && Directory.Exists(envelopes) && Directory.EnumerateFiles(envelopes, "*", SearchOption.AllDirectories).Any())
        {
            throw new SlipwayException(
                ErrorCode.InvalidConfiguration, "content of this store is encrypted, but security.encryption is not configured: name the server's configuration by --config");
        }
    }
}
