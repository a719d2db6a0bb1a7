using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Client.Rollouts;

/// <summary>Starts, watches and steers rollouts over the management API. Thread-safe.</summary>
public sealed class RolloutClient : IDisposable
{
    private const string Path = "/api/v1/rollouts";

    private readonly HttpClient _http;

    /// <summary>A client of the server whose control plane is at <paramref name="address"/>, such as <c>http://127.0.0.1:8090</c>.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public RolloutClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = ClientHandler.Connect(address, handler);
    }

    /// <summary>Starts a rollout.</summary>
    /// <exception cref="SlipwayClientException">The server refused; the message says why.</exception>
    public async Task<RolloutDescription> StartAsync(RolloutRequest request, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, Path) { Content = JsonContent.Create(request, RolloutClientJson.Default.RolloutRequest) };
        return await ReadAsync(message, RolloutClientJson.Default.RolloutDescription, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All rollouts, latest first.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<RolloutDescription>> ListAsync(CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, Path);
        return (await ReadAsync(message, RolloutClientJson.Default.RolloutList, cancellationToken).ConfigureAwait(false)).Rollouts;
    }

    /// <summary>A rollout by its id, or the latest of an endpoint.</summary>
    /// <exception cref="SlipwayClientException">The server refused: there is none.</exception>
    public Task<RolloutDescription> GetAsync(string idOrEndpoint, CancellationToken cancellationToken = default) => SendAsync(HttpMethod.Get, idOrEndpoint, "", cancellationToken);

    /// <summary>What happened to a rollout, with the evidence: the latest events, oldest first.</summary>
    /// <param name="idOrEndpoint">The rollout, or its endpoint: its latest.</param>
    /// <param name="withCounts">Whether events count that tell nothing but what was seen, one a minute.</param>
    /// <param name="limit">Most events, 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayClientException">The server refused: there is none.</exception>
    public async Task<RolloutEventList> GetEventsAsync(string idOrEndpoint, bool withCounts = false, int limit = 100, CancellationToken cancellationToken = default)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"?counts={(withCounts ? "true" : "false")}&limit={limit}");
        using HttpRequestMessage message = new(HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(idOrEndpoint)}/events{query}");
        return await ReadAsync(message, RolloutClientJson.Default.RolloutEventList, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells a rollout to <c>pause</c>, <c>resume</c>, <c>promote</c> or <c>abort</c>.</summary>
    /// <exception cref="SlipwayClientException">The server refused; the message says why.</exception>
    public Task<RolloutDescription> CommandAsync(string idOrEndpoint, string command, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, idOrEndpoint, "/" + command, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<RolloutDescription> SendAsync(HttpMethod method, string idOrEndpoint, string action, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(method, $"{Path}/{Uri.EscapeDataString(idOrEndpoint)}{action}");
        return await ReadAsync(message, RolloutClientJson.Default.RolloutDescription, cancellationToken).ConfigureAwait(false);
    }

    private Task<T> ReadAsync<T>(HttpRequestMessage message, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        HttpAnswers.ReadAsync(_http, message, type, cancellationToken);
}

/// <summary>JSON of rollouts, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutDescription))]
[JsonSerializable(typeof(RolloutList))]
[JsonSerializable(typeof(RolloutEventList))]
internal sealed partial class RolloutClientJson : JsonSerializerContext;
