using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Client.Inference;
using Slipway.Client.Models;

namespace Slipway.Client;

/// <summary>
/// Talks to the data plane of a server over Open Inference's REST protocol; works with any server that speaks it. Thread-safe.
/// </summary>
public sealed class SlipwayClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of the server at <paramref name="address"/>, such as <c>http://127.0.0.1:8080</c>; a path before <c>/v2</c> is kept.</summary>
    /// <param name="address">Address of the data plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public SlipwayClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = new HttpClient(handler ?? ClientHandler.Create())
        {
            BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Whether the server is up.</summary>
    public Task<bool> IsLiveAsync(CancellationToken cancellationToken = default) => ProbeAsync("v2/health/live", cancellationToken);

    /// <summary>Whether the server takes requests.</summary>
    public Task<bool> IsReadyAsync(CancellationToken cancellationToken = default) => ProbeAsync("v2/health/ready", cancellationToken);

    /// <summary>Whether a model answers.</summary>
    public Task<bool> IsModelReadyAsync(string model, string? version = null, CancellationToken cancellationToken = default) =>
        ProbeAsync(PathOf(model, version) + "/ready", cancellationToken);

    /// <summary>What the server says of itself.</summary>
    /// <exception cref="SlipwayClientException">The server refused, or is not one of this protocol.</exception>
    public Task<ServerMetadata> GetServerAsync(CancellationToken cancellationToken = default) =>
        HttpAnswers.ReadAsync(_http, new HttpRequestMessage(HttpMethod.Get, "v2"), ClientJson.Default.ServerMetadata, cancellationToken);

    /// <summary>What a model takes and gives.</summary>
    /// <exception cref="SlipwayClientException">The server refused: there is no such model, or it is not ready.</exception>
    public Task<ModelMetadata> GetModelAsync(string model, string? version = null, CancellationToken cancellationToken = default) =>
        HttpAnswers.ReadAsync(_http, new HttpRequestMessage(HttpMethod.Get, PathOf(model, version)), ClientJson.Default.ModelMetadata, cancellationToken);

    /// <summary>Asks for a prediction.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<InferResult> InferAsync(InferCall call, CancellationToken cancellationToken = default)
    {
        (byte[] body, int? jsonLength) = InferBody.Write(call);
        using HttpRequestMessage request = new(HttpMethod.Post, InferPath(call)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(jsonLength is null ? "application/json" : "application/octet-stream");
        if (jsonLength is { } length)
        {
            request.Headers.Add(InferBody.HeaderLength, length.ToString(CultureInfo.InvariantCulture));
        }

        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await HttpAnswers.EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return InferBody.Read(answer, HeaderLengthOf(response));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new SlipwayClientException($"the answer for model '{call.Model}' is not of Open Inference's protocol: {exception.Message}", exception);
        }
    }

    /// <summary>Models and versions in the server's repository.</summary>
    /// <param name="readyOnly">Only those that answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<RepositoryEntry>> GetRepositoryAsync(bool readyOnly = false, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = Post("v2/repository/index", readyOnly ? """{"ready":true}""" : "{}");
        return await HttpAnswers.ReadAsync(_http, request, ClientJson.Default.RepositoryEntryArray, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Loads a model, or loads it again; returns when it is ready.</summary>
    /// <exception cref="SlipwayClientException">The server refused or the model can't be loaded; the message says why.</exception>
    public Task LoadAsync(string model, CancellationToken cancellationToken = default) => SendAsync(model, "load", cancellationToken);

    /// <summary>Takes a model out of service.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public Task UnloadAsync(string model, CancellationToken cancellationToken = default) => SendAsync(model, "unload", cancellationToken);

    /// <summary>What the ready versions of a model, or of all models, have done.</summary>
    /// <exception cref="SlipwayClientException">The server refused.</exception>
    public async Task<IReadOnlyList<ModelStatistics>> GetStatisticsAsync(string? model = null, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, model is null ? "v2/models/stats" : PathOf(model, null) + "/stats");
        return (await HttpAnswers.ReadAsync(_http, request, ClientJson.Default.StatisticsAnswer, cancellationToken).ConfigureAwait(false)).ModelStats;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Path of a call, relative to the server's address.</summary>
    public static string InferPath(InferCall call) => PathOf(call.Model, call.Version) + "/infer";

    private static string PathOf(string model, string? version) =>
        $"v2/models/{Uri.EscapeDataString(model)}" + (version is null ? "" : $"/versions/{Uri.EscapeDataString(version)}");

    private static int? HeaderLengthOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(InferBody.HeaderLength, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(InferBody.HeaderLength, out values)
            ? int.Parse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    private static HttpRequestMessage Post(string path, string json) => new(HttpMethod.Post, path)
    {
        Content = new StringContent(json, new MediaTypeHeaderValue("application/json")),
    };

    private async Task SendAsync(string model, string action, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Post($"v2/repository/models/{Uri.EscapeDataString(model)}/{action}", "{}");
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await HttpAnswers.EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
