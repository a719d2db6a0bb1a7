using Slipway.Client.Access;

namespace Slipway.Cli.Access;

/// <summary>The keys of a running server.</summary>
internal sealed class ServerKeyRing(Uri address) : IKeyRing
{
    private readonly AccessClient _client = new(address);

    public Task<CreatedApiKey> CreateAsync(CreateApiKey key, CancellationToken cancellationToken) => _client.CreateKeyAsync(key, cancellationToken);

    public Task<IReadOnlyList<ApiKeyDescription>> ListAsync(CancellationToken cancellationToken) => _client.ListKeysAsync(cancellationToken);

    public Task<ApiKeyDescription> RevokeAsync(string key, CancellationToken cancellationToken) => _client.RevokeKeyAsync(key, cancellationToken);

    public void Dispose() => _client.Dispose();
}
