using System.Net.Http.Json;

namespace Slipway.Client.Access;

/// <summary>Talks to the access API on a server's control plane. Thread-safe.</summary>
public sealed class AccessClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of the server whose control plane is at <paramref name="address"/>, such as <c>http://127.0.0.1:8090</c>.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment.</param>
    public AccessClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = ClientHandler.Connect(address, handler);
    }

    /// <summary>Who the server takes this client for.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public Task<CallerDescription> WhoAmIAsync(CancellationToken cancellationToken = default) =>
        HttpAnswers.ReadAsync(_http, new HttpRequestMessage(HttpMethod.Get, "/api/v1/whoami"), AccessJson.Default.CallerDescription, cancellationToken);

    /// <summary>All keys, revoked ones included.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<ApiKeyDescription>> ListKeysAsync(CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/keys");
        return (await HttpAnswers.ReadAsync(_http, request, AccessJson.Default.ApiKeyList, cancellationToken).ConfigureAwait(false)).Keys;
    }

    /// <summary>Makes a key.</summary>
    /// <exception cref="SlipwayClientException">The server refused: a bad name, an unknown role, or more than this client may hand on.</exception>
    public async Task<CreatedApiKey> CreateKeyAsync(CreateApiKey key, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/keys") { Content = JsonContent.Create(key, AccessJson.Default.CreateApiKey) };
        return await HttpAnswers.ReadAsync(_http, request, AccessJson.Default.CreatedApiKey, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a key useless from now on.</summary>
    /// <param name="key">Its id or its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayClientException">The server refused: there is no such key.</exception>
    public async Task<ApiKeyDescription> RevokeKeyAsync(string key, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Delete, $"/api/v1/keys/{Uri.EscapeDataString(key)}");
        return await HttpAnswers.ReadAsync(_http, request, AccessJson.Default.ApiKeyDescription, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
