using Slipway.Cli.Terminal;
using Slipway.Client.Access;
using Slipway.Core;
using Slipway.Server.Management;

namespace Slipway.Cli.Access;

/// <summary>The keys in a data folder, of a server that runs or not: whoever may write the folder may make keys.</summary>
internal sealed class FolderKeyRing : IKeyRing
{
    private readonly OfflineKeys _keys;

    public FolderKeyRing(string data, string? config, TimeProvider time)
    {
        if (!Directory.Exists(data))
        {
            throw new CliException(ExitCode.Failed, $"there is no folder '{data}'");
        }

        _keys = OfflineKeys.Open(data, config, time);
    }

    public Task<CreatedApiKey> CreateAsync(CreateApiKey key, CancellationToken cancellationToken) => Task.FromResult(_keys.Create(key, AuditEvent.SystemActor));

    public Task<IReadOnlyList<ApiKeyDescription>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(_keys.List());

    public Task<ApiKeyDescription> RevokeAsync(string key, CancellationToken cancellationToken) => Task.FromResult(_keys.Revoke(key));

    public void Dispose()
    {
    }
}
