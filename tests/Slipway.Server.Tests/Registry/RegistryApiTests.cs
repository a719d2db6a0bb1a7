using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Client;
using Slipway.Client.Registry;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Registry;

public sealed class RegistryApiTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private SlipwayServer _server = null!;
    private RegistryClient _client = null!;
    private HttpClient _http = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(_data.Root);
        _client = new RegistryClient(_server.Addresses["admin"]);
        _http = new HttpClient { BaseAddress = _server.Addresses["admin"] };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _http.Dispose();
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Published_version_knows_its_format_signature_and_provenance()
    {
        RegistryFile file = await UploadAsync("add.onnx", OnnxModels.Add(1));

        RegistryVersion version = await _client.PublishAsync("m", new NewRegistryVersion([file])
        {
            CreateModel = true,
            Description = "adds",
            Tags = new Dictionary<string, string> { ["git"] = "4f2a" },
            Metrics = new Dictionary<string, double> { ["rmse"] = 0.5, ["odd"] = double.NaN },
            Parameters = new Dictionary<string, string> { ["C"] = "1.0" },
            TrainingDataDigest = new string('a', 64),
        }, Token);

        Assert.Equal((1, "onnx", "ready", "anonymous", "adds"), (version.Number, version.Format, version.Status, version.CreatedBy, version.Description));
        Assert.Equal("x", version.Signature!.Value.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Equal("FP32", version.Signature.Value.GetProperty("inputs")[0].GetProperty("datatype").GetString());
        RegistryVersion read = await _client.GetVersionAsync("m", "1", Token);
        Assert.Equal((0.5, double.NaN, "1.0", "4f2a"), (read.Metrics["rmse"], read.Metrics["odd"], read.Parameters["C"], read.Tags["git"]));
        Assert.Equal(new string('a', 64), read.TrainingDataDigest);
        Assert.Equal(version.Digest, read.Digest);
    }

    [Fact]
    public async Task Files_come_back_as_they_were_sent()
    {
        byte[] content = RandomNumberGenerator.GetBytes(300_000);
        RegistryFile[] files = [await UploadAsync("a/b.bin", content), await UploadAsync("model.onnx", OnnxModels.Add(1))];
        await _client.PublishAsync("m", new NewRegistryVersion(files) { CreateModel = true }, Token);

        await using Stream stream = await _client.DownloadAsync("m", "1", "a/b.bin", Token);
        using MemoryStream copy = new();
        await stream.CopyToAsync(copy, Token);

        Assert.Equal(content, copy.ToArray());
        await RefusedAsync(HttpStatusCode.NotFound, "has no file 'a'", () => _client.DownloadAsync("m", "1", "a", Token));
    }

    [Fact]
    public async Task Alias_moves_by_compare_and_set_and_the_past_is_told()
    {
        await PublishAsync("m", 2);
        AliasMoved first = await _client.SetAliasAsync("m", "champion", new AliasMove(1) { Expect = "none", Reason = "first" }, Token);
        RegistryChanges soFar = await _client.GetChangesAsync("m", 0, 100, Token);
        AliasMoved second = await _client.SetAliasAsync("m", "champion", new AliasMove(2) { Expect = "1", Reason = "second" }, Token);

        Assert.Equal(((long?)null, (long?)1), (first.Previous, second.Previous));
        await RefusedAsync(HttpStatusCode.Conflict, "champion", () => _client.SetAliasAsync("m", "champion", new AliasMove(1) { Expect = "1" }, Token));
        await RefusedAsync(HttpStatusCode.BadRequest, "expect", () => _client.SetAliasAsync("m", "champion", new AliasMove(1) { Expect = "x" }, Token));
        await RefusedAsync(HttpStatusCode.NotFound, "9", () => _client.SetAliasAsync("m", "champion", new AliasMove(9), Token));

        RegistryPast past = await _client.GetPastAsync("m", soFar.Events[^1].Time, Token);
        Assert.Equal(("champion", 1, "first"), (past.Aliases[0].Alias, past.Aliases[0].Version, past.Aliases[0].Reason));
        Assert.Equal(2, (await _client.GetVersionAsync("m", "champion", Token)).Number);
        RegistryChange moved = (await _client.GetChangesAsync("m", soFar.Last, 100, Token)).Events.Single();
        Assert.Equal(("alias.moved", "anonymous", "second"), (moved.Kind, moved.Actor, moved.Reason));
    }

    [Fact]
    public async Task Models_are_described_tagged_renamed_and_deleted()
    {
        await _client.CreateModelAsync(new NewRegistryModel("m") { Description = "one", Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } }, Token);

        RegistryModel edited = await _client.EditModelAsync("m", new RegistryEdit { Name = "n", Description = "two", Tags = new Dictionary<string, string?> { ["a"] = null, ["c"] = "3" } }, Token);

        Assert.Equal(("n", "two"), (edited.Name, edited.Description));
        Assert.Equal(["b", "c"], edited.Tags.Keys.Order());
        await RefusedAsync(HttpStatusCode.NotFound, "'m'", () => _client.GetModelAsync("m", Token));
        await RefusedAsync(HttpStatusCode.Conflict, "n", () => _client.CreateModelAsync(new NewRegistryModel("n"), Token));
        await _client.DeleteModelAsync("n", "done", Token);
        Assert.Empty((await _client.ListModelsAsync(null, null, 10, Token)).Models);
    }

    [Fact]
    public async Task Pages_and_searches_are_whole()
    {
        foreach (string name in (string[])["alpha", "al_ha", "beta"])
        {
            await _client.CreateModelAsync(new NewRegistryModel(name), Token);
        }

        List<string> found = [];
        string? token = null;
        do
        {
            RegistryModelPage page = await _client.ListModelsAsync(null, token, 1, Token);
            found.AddRange(page.Models.Select(model => model.Name));
            token = page.NextPageToken;
        }
        while (token is not null);

        Assert.Equal(["al_ha", "alpha", "beta"], found.Order(StringComparer.Ordinal));
        Assert.Equal(["al_ha"], (await _client.ListModelsAsync("L_H", null, 10, Token)).Models.Select(model => model.Name));
        await RefusedAsync(HttpStatusCode.BadRequest, "maxResults", () => _client.ListModelsAsync(null, null, 0, Token));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("C:model.onnx")]
    [InlineData("a/%2e%2e/b")]
    [InlineData("")]
    public async Task Names_that_are_paths_are_refused(string path)
    {
        RegistryFile file = await UploadAsync("x", OnnxModels.Add(1));

        await RefusedAsync(HttpStatusCode.BadRequest, "", () => _client.PublishAsync("m", new NewRegistryVersion([file with { Path = path }]) { CreateModel = true }, Token));
        await RefusedAsync(HttpStatusCode.NotFound, "'m'", () => _client.GetModelAsync("m", Token));
    }

    [Fact]
    public async Task Content_that_is_not_there_or_not_as_said_is_refused()
    {
        RegistryFile file = await UploadAsync("model.onnx", OnnxModels.Add(1));

        await RefusedAsync(HttpStatusCode.BadRequest, "was not uploaded", () => PublishOneAsync(file with { Digest = new string('0', 64) }));
        await RefusedAsync(HttpStatusCode.BadRequest, "bytes", () => PublishOneAsync(file with { Length = 1 }));
        await RefusedAsync(HttpStatusCode.BadRequest, "is no SHA-256", () => PublishOneAsync(file with { Digest = "abc" }));
        await RefusedAsync(HttpStatusCode.BadRequest, "files", () => _client.PublishAsync("m", new NewRegistryVersion([]) { CreateModel = true }, Token));
        HttpResponseMessage other = await _http.PutAsync(new Uri($"/api/v1/registry/blobs/{new string('0', 64)}", UriKind.Relative), new ByteArrayContent([1]), Token);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task Damaged_model_is_refused_and_a_file_of_no_known_format_is_kept()
    {
        RegistryFile damaged = await UploadAsync("model.onnx", OnnxModels.Add(1)[..40]);
        RegistryFile text = await UploadAsync("notes.txt", "nothing that anybody knows"u8.ToArray());

        await RefusedAsync(HttpStatusCode.BadRequest, "", () => PublishOneAsync(damaged));
        RegistryVersion kept = await PublishOneAsync(text);

        Assert.Equal("text", kept.Format);
        Assert.Contains("can't be served", Assert.Single(kept.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "models/m/aliases/champion", """{"version": 1, "expected": 2}""")]
    [InlineData("PUT", "models/m/aliases/champion", """{"version": "one"}""")]
    [InlineData("PUT", "models/m/aliases/champion", "{}")]
    [InlineData("PUT", "models/m/aliases/champion", "")]
    [InlineData("POST", "models", """{"name": null}""")]
    [InlineData("POST", "models", "[]")]
    [InlineData("POST", "models/m/versions", """{"files": null}""")]
    [InlineData("POST", "models/m/versions", """{"files": [null]}""")]
    [InlineData("POST", "models", """{"name": "a/b"}""")]
    [InlineData("GET", "models/m/history", "")]
    [InlineData("GET", "models/m/history?asOf=yesterday", "")]
    [InlineData("GET", "models?maxResults=1&maxResults=2", "")]
    [InlineData("GET", "events?after=-1", "")]
    public async Task Malformed_requests_are_refused_as_problems(string method, string path, string body)
    {
        await PublishAsync("m", 1);
        using HttpRequestMessage request = new(new HttpMethod(method), $"/api/v1/registry/{path}");
        request.Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null;

        using HttpResponseMessage response = await _http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(" at Slipway.", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_keeps_nothing_says_that_it_has_no_registry()
    {
        await using SlipwayServer bare = await StartAsync(null);
        using RegistryClient client = new(bare.Addresses["admin"]);

        await RefusedAsync(HttpStatusCode.BadRequest, "keeps no registry", () => client.ListModelsAsync(null, null, 10, Token));
    }

    private static async Task<SlipwayServer> StartAsync(string? data)
    {
        ServerOptions options = new() { Data = data };
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Logging.Level = LogLevel.None;
        return await SlipwayServer.StartAsync(options, cancellationToken: Token);
    }

    private static async Task RefusedAsync(HttpStatusCode status, string expected, Func<Task> action)
    {
        SlipwayClientException refusal = await Assert.ThrowsAsync<SlipwayClientException>(action);
        Assert.Equal(status, refusal.Status);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<RegistryFile> UploadAsync(string name, byte[] content)
    {
        using MemoryStream stream = new(content);
        UploadedBlob blob = await _client.UploadAsync(stream, Token);
        return new RegistryFile(name, blob.Digest, blob.Length);
    }

    private Task<RegistryVersion> PublishOneAsync(RegistryFile file) => _client.PublishAsync("one", new NewRegistryVersion([file]) { CreateModel = true }, Token);

    private async Task PublishAsync(string model, int versions)
    {
        for (int value = 1; value <= versions; value++)
        {
            await _client.PublishAsync(model, new NewRegistryVersion([await UploadAsync("model.onnx", OnnxModels.Add(value))]) { CreateModel = true }, Token);
        }
    }
}
