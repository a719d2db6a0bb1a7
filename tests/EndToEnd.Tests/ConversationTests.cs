using System.Net;
using System.Text;
using System.Text.Json;
using Slipway.Client;
using Slipway.Client.Grpc;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>One server, talked to as the documentation says.</summary>
public sealed class ConversationTests(ConversationTests.Server server) : IClassFixture<ConversationTests.Server>
{
    private static readonly HttpClient Http = new();

    [Fact]
    public void The_ready_line_names_real_ports_and_the_number_of_models()
    {
        Assert.Matches(@"^slipway ready http=127\.0\.0\.1:\d+ grpc=127\.0\.0\.1:\d+ admin=127\.0\.0\.1:\d+ models=1$", server.Process.ReadyLine);
        Assert.DoesNotContain(":0 ", server.Process.ReadyLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_requests_of_TensorFlow_Servings_tutorial_work_unchanged()
    {
        Assert.Equal("AVAILABLE", (await GetAsync("v1/models/half_plus_two")).GetProperty("model_version_status")[0].GetProperty("state").GetString());

        JsonElement rows = await PostAsync("v1/models/half_plus_two:predict", """{"instances": [1.0, 2.0, 5.0]}""");
        Assert.Equal([2.5, 3.0, 4.5], rows.GetProperty("predictions").EnumerateArray().Select(value => value.GetDouble()));

        JsonElement columns = await PostAsync("v1/models/half_plus_two/versions/123:predict", """{"signature_name": "serving_default", "inputs": {"x": [1.0, 2.0]}}""");
        Assert.Equal([2.5, 3.0], columns.GetProperty("outputs").EnumerateArray().Select(value => value.GetDouble()));

        JsonElement metadata = await GetAsync("v1/models/half_plus_two/metadata");
        Assert.Equal("half_plus_two", metadata.GetProperty("model_spec").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_Inference_answers_over_REST(bool binary)
    {
        using SlipwayClient client = new(server.Process.Http);
        InferResult result = await client.InferAsync(Call with { Binary = binary });
        Assert.Equal(("half_plus_two", "123"), (result.Model, result.Version));
        Assert.Equal([2.5f, 3f, 4.5f], Enumerable.Range(0, 3).Select(index => (float)result["y"][index]));
    }

    [Fact]
    public async Task Open_Inference_answers_over_gRPC()
    {
        using GrpcClient client = new(server.Process.Grpc);
        InferResult result = await client.InferAsync(Call);
        Assert.Equal([2.5f, 3f, 4.5f], Enumerable.Range(0, 3).Select(index => (float)result["y"][index]));

        GrpcFailureException refusal = await Assert.ThrowsAsync<GrpcFailureException>(() => client.InferAsync(Call with { Model = "nope" }));
        Assert.Equal(5, refusal.Status);
    }

    [Fact]
    public async Task The_gRPC_port_also_speaks_REST_to_clients_of_HTTP_2()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(server.Process.Grpc, "v2/models/half_plus_two"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }

    [Fact]
    public async Task SageMakers_contract_works()
    {
        using HttpResponseMessage ping = await Http.GetAsync(new Uri(server.Process.Http, "ping"));
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        using StringContent body = new("""{"instances": [1.0, 2.0, 5.0]}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Http.PostAsync(new Uri(server.Process.Http, "invocations"), body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_control_plane_describes_server_models_and_metrics()
    {
        using ManagementClient management = new(server.Process.Admin);
        Assert.True((await management.GetServerAsync()).Ready);
        Assert.Equal("ready", Assert.Single((await management.GetModelAsync("half_plus_two")).Versions).State);
        Assert.Single(await management.GetModelsAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<SlipwayClientException>(() => management.GetModelAsync("nope"))).Status);

        string metrics = await Http.GetStringAsync(new Uri(server.Process.Admin, "metrics"));
        Assert.Contains("slipway", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_plane_answers_for_the_other()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(new Uri(server.Process.Http, "metrics")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(new Uri(server.Process.Http, "api/v1/models")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusOf(new Uri(server.Process.Admin, "v2/models/half_plus_two")));
    }

    [Theory]
    [InlineData("v2/models/nope/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""", 404)]
    [InlineData("v2/models/half_plus_two/infer", "{", 400)]
    [InlineData("v2/models/half_plus_two/infer", """{"inputs":[]}""", 400)]
    [InlineData("v2/models/half_plus_two/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[1]}]}""", 400)]
    [InlineData("v2/models/half_plus_two/infer", """{"inputs":[{"name":"x","datatype":"INT64","shape":[1],"data":[1]}]}""", 400)]
    [InlineData("v1/models/half_plus_two:predict", """{"instances": [[1.0], [1.0, 2.0]]}""", 400)]
    [InlineData("v1/models/nope:predict", """{"instances": [1.0]}""", 404)]
    public async Task A_wrong_request_is_refused_with_its_status_and_an_error(string path, string body, int status)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.PostAsync(new Uri(server.Process.Http, path), content);
        Assert.Equal(status, (int)response.StatusCode);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.NotEqual("", answer.RootElement.GetProperty("error").GetString());
    }

    private static InferCall Call => new("half_plus_two", [ClientTensor.Of("x", [3], [1f, 2f, 5f])]);

    private static async Task<HttpStatusCode> StatusOf(Uri address)
    {
        using HttpResponseMessage response = await Http.GetAsync(address);
        return response.StatusCode;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(await Http.GetStringAsync(new Uri(server.Process.Http, path)));
        return document.RootElement.Clone();
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.PostAsync(new Uri(server.Process.Http, path), content);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public sealed class Server : IAsyncLifetime
    {
        private readonly TemporaryFolder _models = new();

        internal SlipwayProcess Process { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _models.Write("half_plus_two/00000123/model.onnx", SampleModels.HalfPlusTwo);
            _models.Age(TimeSpan.FromMinutes(1));
            Process = await SlipwayProcess.ServeAsync("--models", _models.Root);
        }

        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            _models.Dispose();
        }
    }
}
