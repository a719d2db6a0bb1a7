using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Client.Registry;

/// <summary>
/// The registry of a running server, over the management API on its control plane. Thread-safe. Refusals are <see cref="SlipwayClientException"/>.
/// </summary>
public sealed class RegistryClient : IRegistryApi, IDisposable
{
    private const string Root = "/api/v1/registry";

    private static readonly RegistryJson Json = RegistryJson.Readable;

    private readonly HttpClient _http;

    /// <summary>A client of the server whose control plane is at <paramref name="address"/>, such as <c>http://127.0.0.1:8090</c>.</summary>
    /// <param name="address">Address of the control plane.</param>
    /// <param name="handler">Connections, disposed with the client; null: its own, with the token of the environment (<see cref="ClientHandler"/>).</param>
    public RegistryClient(Uri address, HttpMessageHandler? handler = null)
    {
        _http = ClientHandler.Connect(address, handler);
    }

    /// <inheritdoc/>
    public Task<RegistryModelPage> ListModelsAsync(string? search, string? pageToken, int maxResults, CancellationToken cancellationToken) =>
        GetAsync("/models" + Query(("search", search), ("pageToken", pageToken), ("maxResults", Text(maxResults))), Json.RegistryModelPage, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryModel> GetModelAsync(string model, CancellationToken cancellationToken) => GetAsync(Of(model), Json.RegistryModel, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryModel> CreateModelAsync(NewRegistryModel model, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "/models", model, Json.NewRegistryModel, Json.RegistryModel, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryModel> EditModelAsync(string model, RegistryEdit edit, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, Of(model), edit, Json.RegistryEdit, Json.RegistryModel, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteModelAsync(string model, string? reason, CancellationToken cancellationToken) =>
        DeleteAsync(Of(model) + Query(("reason", reason)), cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryVersionPage> ListVersionsAsync(string model, string? pageToken, int maxResults, CancellationToken cancellationToken) =>
        GetAsync(Of(model) + "/versions" + Query(("pageToken", pageToken), ("maxResults", Text(maxResults))), Json.RegistryVersionPage, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryVersion> GetVersionAsync(string model, string version, CancellationToken cancellationToken) =>
        GetAsync(Of(model, version), Json.RegistryVersion, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The digest is computed on both sides: bytes that were altered on the way are found out.</remarks>
    public async Task<UploadedBlob> UploadAsync(Stream content, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using HttpRequestMessage request = new(HttpMethod.Post, Root + "/blobs") { Content = new HashedContent(content, hash) };
        UploadedBlob blob = await HttpAnswers.ReadAsync(_http, request, Json.UploadedBlob, cancellationToken).ConfigureAwait(false);
        string sent = Convert.ToHexStringLower(hash.GetHashAndReset());
        return blob.Digest == sent ? blob : throw new SlipwayClientException($"the content was altered on its way: {sent} was sent and {blob.Digest} received");
    }

    /// <inheritdoc/>
    public Task<RegistryVersion> PublishAsync(string model, NewRegistryVersion version, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Of(model) + "/versions", version, Json.NewRegistryVersion, Json.RegistryVersion, cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream> DownloadAsync(string model, string version, string path, CancellationToken cancellationToken)
    {
        string name = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        using HttpRequestMessage request = new(HttpMethod.Get, Root + Of(model, version) + "/files/" + name);
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        try
        {
            await HttpAnswers.EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<RegistryVersion> EditVersionAsync(string model, string version, RegistryEdit edit, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, Of(model, version), edit, Json.RegistryEdit, Json.RegistryVersion, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteVersionAsync(string model, string version, string? reason, CancellationToken cancellationToken) =>
        DeleteAsync(Of(model, version) + Query(("reason", reason)), cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryVersion> SetStageAsync(string model, string version, StageMove move, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, Of(model, version) + "/stage", move, Json.StageMove, Json.RegistryVersion, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryVersion> ApproveAsync(string model, string version, string? comment, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, Of(model, version) + "/approvals", new ApprovalRequest(comment), Json.ApprovalRequest, Json.RegistryVersion, cancellationToken);

    /// <inheritdoc/>
    public Task<AliasMoved> SetAliasAsync(string model, string alias, AliasMove move, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, OfAlias(model, alias), move, Json.AliasMove, Json.AliasMoved, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAliasAsync(string model, string alias, string? reason, CancellationToken cancellationToken) =>
        DeleteAsync(OfAlias(model, alias) + Query(("reason", reason)), cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryPast> GetPastAsync(string model, DateTimeOffset asOf, CancellationToken cancellationToken) =>
        GetAsync(Of(model) + "/history" + Query(("asOf", asOf.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))), Json.RegistryPast, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryChanges> GetChangesAsync(string? model, long after, int maxResults, CancellationToken cancellationToken) =>
        GetAsync("/events" + Query(("model", model), ("after", Text(after)), ("maxResults", Text(maxResults))), Json.RegistryChanges, cancellationToken);

    /// <inheritdoc/>
    public Task<RegistryLineage> GetLineageAsync(string model, string version, CancellationToken cancellationToken) =>
        GetAsync(Of(model, version) + "/lineage", Json.RegistryLineage, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Of(string model) => $"/models/{Uri.EscapeDataString(model)}";

    private static string Of(string model, string version) => $"{Of(model)}/versions/{Uri.EscapeDataString(version)}";

    private static string OfAlias(string model, string alias) => $"{Of(model)}/aliases/{Uri.EscapeDataString(alias)}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Query(params (string Name, string? Value)[] parameters)
    {
        string query = string.Join('&', parameters.Where(static pair => pair.Value is not null).Select(static pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
        return query.Length > 0 ? "?" + query : "";
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Root + path);
        return await HttpAnswers.ReadAsync(_http, request, type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TAnswer> SendAsync<T, TAnswer>(
        HttpMethod method, string path, T body, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, Root + path) { Content = JsonContent.Create(body, type) };
        return await HttpAnswers.ReadAsync(_http, request, answer, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Delete, Root + path);
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await HttpAnswers.EnsureSuccessAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a stream that stays its owner's and hashes it on the way.</summary>
    private sealed class HashedContent : HttpContent
    {
        private const int BlockSize = 1 << 17;

        private readonly Stream _content;
        private readonly IncrementalHash _hash;

        public HashedContent(Stream content, IncrementalHash hash)
        {
            (_content, _hash) = (content, hash);
            Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            byte[] block = new byte[BlockSize];
            while (await _content.ReadAsync(block, cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                _hash.AppendData(block, 0, read);
                await stream.WriteAsync(block.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _content.CanSeek ? _content.Length - _content.Position : 0;
            return _content.CanSeek;
        }
    }
}
