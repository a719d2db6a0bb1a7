using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Pipelines;

/// <summary>A classifier of images, a real network of its usual size, served with JPEG and PNG files as they are.</summary>
public sealed class PipelineImageTests : IAsyncLifetime
{
    private const string Configuration = """
        pipelines:
          classify:
            inputs: { image: "BYTES[-1]" }
            steps:
              pixels: { decodeImage: image, height: 224, width: 224, fit: crop, shorterSide: 256, antialias: true }
              scaled: { normalize: pixels, scale: 0.00392156862745098, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }
              scores: { model: mobilenet, inputs: { input: scaled } }
              best: { topK: scores, k: 5 }
            outputs: { class: best.indices, score: best.values, pixels: scaled }
        """;

    private readonly TemporaryFolder _folder = new();
    private SlipwayServer? _server;

    private static byte[] Jpeg => Sample("jpeg-420");

    private HttpClient Http => field ??= new HttpClient { BaseAddress = _server!.Addresses["http"] };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        _folder.Write("models/mobilenet/1/model.onnx", await File.ReadAllBytesAsync(Assets.PathOf("perf/mobilenet_v2.onnx")));
        _folder.Write("slipway.yaml", Encoding.UTF8.GetBytes(Configuration));
        ServerOptions options = ServerConfiguration.Read(Path.Combine(_folder.Root, "slipway.yaml"), []);
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = Path.Combine(_folder.Root, "models");
        options.Logging.Level = LogLevel.None;
        _server = await SlipwayServer.StartAsync(options);
        Assert.True(await _server.WaitUntilReadyAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            Http.Dispose();
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Files_give_what_the_network_gives_for_their_pixels_however_they_come()
    {
        JsonNode whole = await AskAsync(JsonOf(Convert.ToBase64String(Jpeg)), "class", "score", "pixels");
        double[] pixels = NumbersOf(whole, "pixels");
        Assert.Equal(3 * 224 * 224, pixels.Length);
        JsonNode direct = await AskAsync(
            new JsonObject { ["inputs"] = new JsonArray(new JsonObject { ["name"] = "input", ["datatype"] = "FP32", ["shape"] = new JsonArray(1, 3, 224, 224), ["data"] = new JsonArray([.. pixels.Select(static pixel => (JsonNode)pixel)]) }) },
            model: "mobilenet");
        (double Score, int Class)[] best = [.. direct["outputs"]![0]!["data"]!.AsArray().Select(static (score, place) => ((double)score!, place)).OrderByDescending(static one => one.Item1).Take(5)];
        Assert.Equal(best.Select(static one => (double)one.Class), NumbersOf(whole, "class"));
        Assert.Equal(best.Select(static one => one.Score), NumbersOf(whole, "score").Select(static score => (double)score), new Near());

        // Raw bytes behind the JSON, TensorFlow Serving's base64, and gRPC.
        double[] expected = NumbersOf(whole, "class");
        Assert.Equal(expected, NumbersOf(await AskBinaryAsync(Jpeg), "class"));
        using HttpResponseMessage predicted = await Http.PostAsJsonAsync(
            "/v1/models/classify:predict", new JsonObject { ["instances"] = new JsonArray(new JsonObject { ["image"] = new JsonObject { ["b64"] = Convert.ToBase64String(Jpeg) } }) }, TestContext.Current.CancellationToken);
        JsonNode prediction = (await predicted.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(expected, prediction["predictions"]![0]!["class"]!.AsArray().Select(static one => (double)one!));
        using GrpcClient grpc = new(_server!.Addresses["grpc"]);
        InferResult called = await grpc.InferAsync(new InferCall("classify", [new ClientTensor("image", "BYTES", [1], (byte[])[.. BitConverter.GetBytes(Jpeg.Length), .. Jpeg])]), TestContext.Current.CancellationToken);
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(place => (double)(long)called["class"][place]));
    }

    [Fact]
    public async Task A_broken_image_is_refused_with_its_place()
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync("/v2/models/classify/infer", JsonOf(Convert.ToBase64String(Jpeg.AsSpan(0, 300))), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("pipeline 'classify', step 'pixels': image 0: not a readable image", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static JsonObject JsonOf(string text) => new()
    {
        ["inputs"] = new JsonArray(new JsonObject { ["name"] = "image", ["datatype"] = "BYTES", ["shape"] = new JsonArray(1), ["data"] = new JsonArray(text) }),
    };

    private static double[] NumbersOf(JsonNode answer, string output) =>
        [.. answer["outputs"]!.AsArray().Single(one => (string?)one!["name"] == output)!["data"]!.AsArray().Select(static number => (double)number!)];

    private static byte[] Sample(string name) => Convert.FromBase64String(
        File.ReadLines(Path.Combine(Repository.Root, "tests", "Slipway.Pipelines.Tests", "Imaging", "images.txt")).First(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[5]);

    private async Task<JsonNode> AskAsync(JsonObject body, params string[] outputs) => await AskAsync(body, "classify", outputs);

    private async Task<JsonNode> AskAsync(JsonObject body, string model, IReadOnlyList<string>? outputs = null)
    {
        if (outputs is { Count: > 0 })
        {
            body["outputs"] = new JsonArray([.. outputs.Select(static name => (JsonNode)new JsonObject { ["name"] = name })]);
        }

        using HttpResponseMessage response = await Http.PostAsJsonAsync($"/v2/models/{model}/infer", body, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!;
    }

    // The binary extension of Open Inference: JSON, then the tensor's bytes, each element behind its length.
    private async Task<JsonNode> AskBinaryAsync(byte[] file)
    {
        byte[] head = Encoding.UTF8.GetBytes($$$"""{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":{{{file.Length + 4}}}}}],"outputs":[{"name":"class"}]}""");
        using ByteArrayContent content = new([.. head, .. BitConverter.GetBytes(file.Length), .. file]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", head.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using HttpResponseMessage response = await Http.PostAsync(new Uri("/v2/models/classify/infer", UriKind.Relative), content, TestContext.Current.CancellationToken);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer)!;
    }

    // The engine may sum in another order when it runs alone.
    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= 1e-4;

        public int GetHashCode(double obj) => 0;
    }
}
