using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Mlflow.Tests.Artifacts;

/// <summary>Versions that came another way than through MLflow's API are found, listed and downloaded by its clients, and stay as they are.</summary>
public sealed class VersionFolderTests
{
    private const string Proxy = "/api/2.0/mlflow-artifacts/artifacts";

    [Theory]
    [InlineData("")]
    [InlineData("triton:m/7")]
    [InlineData("mlflow:other/1")]
    public async Task Files_of_a_version_are_where_its_download_address_says(string source)
    {
        await using MlflowServer server = await MlflowServer.StartAsync();
        await PublishAsync(server, source);
        MlflowApi api = new(server.Client);

        string location = (string)(await api.GetAsync("model-versions/get-download-uri?name=m&version=1"))["artifact_uri"]!;
        Assert.Equal("mlflow-artifacts:/registry-versions/m/1", location);
        JsonNode top = await ListAsync(server, "registry-versions/m/1");
        Assert.Equal(["data", "model.onnx"], top["files"]!.AsArray().Select(static file => (string)file!["path"]!));
        Assert.Equal([true, false], top["files"]!.AsArray().Select(static file => (bool)file!["is_dir"]!));
        Assert.Equal("weights.bin", (string)(await ListAsync(server, "registry-versions/m/1/data"))["files"]![0]!["path"]!);
        Assert.Equal(OnnxModels.Add(1), await server.Client.GetByteArrayAsync(new Uri($"{Proxy}/registry-versions/m/1/model.onnx", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task They_are_read_only_and_nothing_is_told_above_a_version()
    {
        await using MlflowServer server = await MlflowServer.StartAsync();
        await PublishAsync(server, "");

        foreach (string folder in (string[])["registry-versions", "registry-versions/m", "registry-versions/m/2", "registry-versions/m/x", "registry-versions/nobody/1"])
        {
            JsonNode answer = await ListAsync(server, folder);
            Assert.True(answer["files"] is null or JsonArray { Count: 0 }, folder);
        }

        foreach ((HttpMethod method, string path, HttpStatusCode status) in new[]
        {
            (HttpMethod.Put, "m/1/model.onnx", HttpStatusCode.BadRequest), (HttpMethod.Put, "m/9/new.txt", HttpStatusCode.BadRequest), (HttpMethod.Delete, "m/1", HttpStatusCode.BadRequest),
            (HttpMethod.Get, "m/1/nothing", HttpStatusCode.NotFound), (HttpMethod.Get, "m/1/data", HttpStatusCode.NotFound), (HttpMethod.Get, "m/1/..%2f..%2fx", HttpStatusCode.BadRequest),
        })
        {
            using HttpRequestMessage request = new(method, new Uri($"{Proxy}/registry-versions/{path}", UriKind.Relative)) { Content = method == HttpMethod.Put ? new StringContent("x") : null };
            using HttpResponseMessage answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(status == answer.StatusCode, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Such_an_address_is_a_source_of_a_version_and_a_part_of_one_is_not()
    {
        await using MlflowServer server = await MlflowServer.StartAsync();
        await PublishAsync(server, "");
        MlflowApi api = new(server.Client);

        JsonNode made = await api.PostAsync("model-versions/create", """{"name": "m", "source": "mlflow-artifacts:/registry-versions/m/1"}""");

        Assert.Equal("2", (string)made["model_version"]!["version"]!);
        Assert.Equal(["data", "model.onnx"], (await ListAsync(server, "registry-versions/m/2"))["files"]!.AsArray().Select(static file => (string)file!["path"]!));
        await api.FailsAsync("model-versions/create", """{"name": "m", "source": "mlflow-artifacts:/registry-versions/m/1/data"}""", "RESOURCE_DOES_NOT_EXIST", 404);
    }

    private static async Task PublishAsync(MlflowServer server, string source)
    {
        IBlobStore blobs = server.Services.GetRequiredService<IBlobStore>();
        List<ArtifactFile> files = [];
        foreach ((string name, byte[] content) in new[] { ("model.onnx", OnnxModels.Add(1)), ("data/weights.bin", [1, 2]) })
        {
            BlobInfo blob = await blobs.PutAsync(new MemoryStream(content), 1 << 20, TestContext.Current.CancellationToken);
            files.Add(new ArtifactFile(name, blob.Digest, blob.Length));
        }

        await server.Services.GetRequiredService<IModelRegistry>().CreateVersionAsync(
            new NewModelVersion { Model = "m", Manifest = new ModelManifest(files), Source = source, CreateModel = true }, new ChangeContext("ana"), TestContext.Current.CancellationToken);
    }

    private static async Task<JsonNode> ListAsync(MlflowServer server, string folder) =>
        JsonNode.Parse(await server.Client.GetStringAsync(new Uri($"{Proxy}?path={folder}", UriKind.Relative), TestContext.Current.CancellationToken))!;
}
