using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Client.Experiments;

/// <summary>Starts, watches and stops experiments over the management API, and reports what became known. Thread-safe.</summary>
public sealed class ExperimentClient : IDisposable
{
    private const string Path = "/api/v1/experiments";

    private readonly HttpClient _http;

    /// <summary>A client of the server whose control plane is at <paramref name="address"/>, such as <c>http://127.0.0.1:8090</c>.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public ExperimentClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = ClientHandler.Connect(address, handler);
    }

    /// <summary>All experiments, by name.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<ExperimentDescription>> ListAsync(CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, Path);
        return (await HttpAnswers.ReadAsync(_http, message, ExperimentClientJson.Default.ExperimentList, cancellationToken).ConfigureAwait(false)).Experiments;
    }

    /// <summary>An experiment.</summary>
    /// <exception cref="SlipwayClientException">The server refused: there is none.</exception>
    public Task<ExperimentDescription> GetAsync(string name, CancellationToken cancellationToken = default) => SendAsync(HttpMethod.Get, name, "", cancellationToken);

    /// <summary>Defines an experiment, which begins at once unless it says otherwise.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="definition">What the configuration would have beneath the name, as YAML or JSON.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SlipwayClientException">The server refused; the message names the keys.</exception>
    public async Task<ExperimentDescription> DefineAsync(string name, string definition, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Put, $"{Path}/{Uri.EscapeDataString(name)}") { Content = new StringContent(definition, Encoding.UTF8, "application/yaml") };
        return await HttpAnswers.ReadAsync(_http, message, ExperimentClientJson.Default.ExperimentDescription, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an experiment that was defined here and is over.</summary>
    /// <exception cref="SlipwayClientException">The server refused; the message says why.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(name)}");
        using HttpResponseMessage response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        await HttpAnswers.EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts an experiment that waits.</summary>
    /// <exception cref="SlipwayClientException">The server refused; the message says why.</exception>
    public Task<ExperimentDescription> StartAsync(string name, CancellationToken cancellationToken = default) => SendAsync(HttpMethod.Post, name, "/start", cancellationToken);

    /// <summary>Stops an experiment that runs.</summary>
    /// <exception cref="SlipwayClientException">The server refused; the message says why.</exception>
    public Task<ExperimentDescription> StopAsync(string name, CancellationToken cancellationToken = default) => SendAsync(HttpMethod.Post, name, "/stop", cancellationToken);

    /// <summary>The report as <c>html</c>, <c>md</c> or <c>json</c>.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<string> ReportAsync(string name, string format, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, $"{Path}/{Uri.EscapeDataString(name)}/report?format={Uri.EscapeDataString(format)}");
        using HttpResponseMessage response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        await HttpAnswers.EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reports what became known about answered requests.</summary>
    /// <exception cref="SlipwayClientException">The server refused; nothing was taken.</exception>
    public async Task<FeedbackAnswer> ReportFeedbackAsync(FeedbackRequest feedback, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, "/api/v1/feedback") { Content = JsonContent.Create(feedback, ExperimentClientJson.Default.FeedbackRequest) };
        return await HttpAnswers.ReadAsync(_http, message, ExperimentClientJson.Default.FeedbackAnswer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ExperimentDescription> SendAsync(HttpMethod method, string name, string action, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(method, $"{Path}/{Uri.EscapeDataString(name)}{action}");
        return await HttpAnswers.ReadAsync(_http, message, ExperimentClientJson.Default.ExperimentDescription, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>JSON of experiments, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExperimentDescription))]
[JsonSerializable(typeof(ExperimentList))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(FeedbackAnswer))]
internal sealed partial class ExperimentClientJson : JsonSerializerContext;
