using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client.Endpoints;

/// <summary>Looks at endpoints over the management API. Thread-safe.</summary>
public sealed class EndpointClient : IDisposable
{
    private const string Path = "/api/v1/endpoints";

    private readonly HttpClient _http;

    /// <summary>A client of the server whose control plane is at <paramref name="address"/>, such as <c>http://127.0.0.1:8090</c>.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public EndpointClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = ClientHandler.Connect(address, handler);
    }

    /// <summary>All endpoints, by name.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<EndpointDescription>> ListAsync(CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, Path);
        return (await HttpAnswers.ReadAsync(_http, message, EndpointClientJson.Default.EndpointList, cancellationToken).ConfigureAwait(false)).Endpoints;
    }

    /// <summary>An endpoint.</summary>
    /// <exception cref="SlipwayClientException">The server refused: there is none.</exception>
    public async Task<EndpointDescription> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(name)}");
        return await HttpAnswers.ReadAsync(_http, message, EndpointClientJson.Default.EndpointDescription, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What another division of an endpoint's traffic would have earned.</summary>
    /// <exception cref="SlipwayClientException">The server refused; the message says why.</exception>
    public async Task<EvaluationAnswer> EvaluateAsync(string name, EvaluationRequest request, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, $"{Path}/{Uri.EscapeDataString(name)}/evaluate") { Content = JsonContent.Create(request, EndpointClientJson.Default.EvaluationRequest) };
        return await HttpAnswers.ReadAsync(_http, message, EndpointClientJson.Default.EvaluationAnswer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>JSON of endpoints, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EndpointDescription))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(EvaluationRequest))]
[JsonSerializable(typeof(EvaluationAnswer))]
internal sealed partial class EndpointClientJson : JsonSerializerContext;
