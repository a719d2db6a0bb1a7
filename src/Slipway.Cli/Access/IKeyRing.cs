using Slipway.Client.Access;

namespace Slipway.Cli.Access;

/// <summary>API keys, wherever they are.</summary>
internal interface IKeyRing : IDisposable
{
    Task<CreatedApiKey> CreateAsync(CreateApiKey key, CancellationToken cancellationToken);

    Task<IReadOnlyList<ApiKeyDescription>> ListAsync(CancellationToken cancellationToken);

    Task<ApiKeyDescription> RevokeAsync(string key, CancellationToken cancellationToken);
}
