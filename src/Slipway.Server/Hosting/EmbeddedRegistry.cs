using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Registry;
using Slipway.Core;
using Slipway.Server.Options;
using Slipway.Server.Registry;
using Slipway.Server.Trust;

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

    /// <summary>Opens the store that the options name; it is made when it is not there.</summary>
    /// <param name="options">As for a server.</param>
    /// <param name="actor">Who acts.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>: nothing is to be kept, so there is no registry.</exception>
    public static EmbeddedRegistry Open(ServerOptions options, string actor)
    {
        options.Data = DataFolder.Resolve(options.Data)
            ?? throw new SlipwayException(ErrorCode.InvalidConfiguration, $"data: '{DataFolder.None}' keeps nothing, and so there is no registry: name a folder");
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddShippedFormats();
        string data = Path.GetFullPath(options.Data);
        RegistryComposition.Add(services, options);
        TrustServices.AddEncryption(services, options, data);
        services.AddSingleton(_ => new EmbeddedAudit(data, options.Audit.Key, TimeProvider.System));
        services.AddSingleton<IAuditSink>(static provider => provider.GetRequiredService<EmbeddedAudit>());
        TrustServices.AddGate(services, options, null);
        return new EmbeddedRegistry(services.BuildServiceProvider(), actor);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
