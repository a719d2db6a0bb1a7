using Slipway.Client.Management;

namespace Slipway.Client;

/// <summary>Talks to the management API on a server's control plane. Thread-safe.</summary>
public sealed class ManagementClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of the server whose control plane is at <paramref name="address"/>, such as <c>http://127.0.0.1:8090</c>.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public ManagementClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = ClientHandler.Connect(address, handler);
    }

    /// <summary>Describes the server.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public Task<ServerDescription> GetServerAsync(CancellationToken cancellationToken = default) =>
        HttpAnswers.ReadAsync(_http, new HttpRequestMessage(HttpMethod.Get, "/api/v1/server"), ClientJson.Default.ServerDescription, cancellationToken);

    /// <summary>All models and the states of their versions.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<ModelDescription>> GetModelsAsync(CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/models");
        return (await HttpAnswers.ReadAsync(_http, request, ClientJson.Default.ModelList, cancellationToken).ConfigureAwait(false)).Models;
    }

    /// <summary>One model.</summary>
    /// <exception cref="SlipwayClientException">The server refused: there is no such model.</exception>
    public Task<ModelDescription> GetModelAsync(string model, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, model, "", cancellationToken);

    /// <summary>Loads a model, or loads it again; returns when it is ready.</summary>
    /// <exception cref="SlipwayClientException">The server refused or the model can't be loaded; the message says why.</exception>
    public Task<ModelDescription> LoadAsync(string model, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, model, "/load", cancellationToken);

    /// <summary>Takes a model out of service.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public Task<ModelDescription> UnloadAsync(string model, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, model, "/unload", cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ModelDescription> SendAsync(HttpMethod method, string model, string action, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, $"/api/v1/models/{Uri.EscapeDataString(model)}{action}");
        return await HttpAnswers.ReadAsync(_http, request, ClientJson.Default.ModelDescription, cancellationToken).ConfigureAwait(false);
    }
}
