using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;

namespace Slipway.Server.Tests.Traffic;

/// <summary>Experiments and feedback over the management API of a real server.</summary>
public sealed class ExperimentApiTests : IAsyncLifetime
{
    private readonly TemporaryFolder _models = new();
    private SlipwayServer _server = null!;
    private HttpClient _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _models.Write("adder/1/model.onnx", OnnxModels.Add(1));
        _models.Write("adder/2/model.onnx", OnnxModels.Add(2));
        _models.Write("adder/model.yaml", "versionPolicy: all\n");
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _models.Root;
        options.Logging.Level = LogLevel.None;
        options.Endpoints =
        [
            new EndpointDefinition
            {
                Name = "scoring",
                Arms =
                [
                    new ArmDefinition { Name = "stable", Model = "adder", Version = VersionSelector.Exact(1), Weight = 50 },
                    new ArmDefinition { Name = "next", Model = "adder", Version = VersionSelector.Exact(2), Weight = 50 },
                ],
            },
        ];
        options.Experiments =
        [
            new ExperimentDefinition
            {
                Name = "trial",
                Endpoint = "scoring",
                Metrics = [new MetricDefinition { Name = "conversion" }],
                Primary = "conversion",
                MinimalEffect = 0.05,
                StartsByItself = false,
            },
        ];
        _server = await SlipwayServer.StartAsync(options);
        Assert.True(await _server.WaitUntilReadyAsync(CancellationToken.None));
        _admin = new HttpClient { BaseAddress = _server.Addresses["admin"] };
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
        _models.Dispose();
    }

    [Theory]
    [InlineData("{}", "items: 1 to 10000 reports are expected")]
    [InlineData("""{"items":[]}""", "items: 1 to 10000 reports are expected")]
    [InlineData("""{"items":[null]}""", "items[0].a report is expected")]
    [InlineData("""{"items":[{"metric":"m","value":1,"entity":"e"}]}""", "items[0].endpoint: a name is expected")]
    [InlineData("""{"items":[{"endpoint":"scoring","value":1,"entity":"e"}]}""", "items[0].metric: a name is expected")]
    [InlineData("""{"items":[{"endpoint":"scoring","metric":"m","entity":"e"}]}""", "items[0].value: a number is expected")]
    [InlineData("""{"items":[{"endpoint":"scoring","metric":"m","value":1}]}""", "items[0].either entity or requestId is expected")]
    [InlineData("""{"items":[{"endpoint":"scoring","metric":"m","value":1,"entity":"e","requestId":"r"}]}""", "items[0].either entity or requestId is expected")]
    [InlineData("""{"items":[{"endpoint":"scoring","metric":"m","value":1,"entity":""}]}""", "items[0].entity, requestId: 1 to 1024 characters are expected")]
    [InlineData("""{"items":[{"endpoint":"scoring","metric":"m","value":1e999,"entity":"e"}]}""", "items")]
    [InlineData("""{"itmes":[]}""", "itmes")]
    [InlineData("[", "the body is not what is expected here")]
    public async Task Reports_that_are_wrong_are_refused_by_what_is_wrong(string body, string expected)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _admin.PostAsync(new Uri("/api/v1/feedback", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_is_started_reported_to_by_request_shown_and_stopped()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("waiting", (await ShowAsync("GET", "trial"))["phase"]!.GetValue<string>());
        Assert.Equal("running", (await ShowAsync("POST", "trial/start"))["phase"]!.GetValue<string>());
        using HttpClient data = new() { BaseAddress = _server.Addresses["http"] };
        using HttpRequestMessage ask = new(HttpMethod.Post, "/v2/models/scoring/infer");
        ask.Headers.Add("Slipway-Entity", "user");
        ask.Content = JsonContent.Create(JsonNode.Parse("""{"id":"r1","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""));
        using HttpResponseMessage answer = await data.SendAsync(ask, cancellation);
        answer.EnsureSuccessStatusCode();

        using HttpResponseMessage taken = await _admin.PostAsJsonAsync(
            new Uri("/api/v1/feedback", UriKind.Relative),
            JsonNode.Parse("""{"items":[{"endpoint":"scoring","metric":"conversion","value":1,"requestId":"r1"},{"endpoint":"scoring","metric":"conversion","value":1,"requestId":"r2"}]}"""),
            cancellation);
        Assert.Equal("""{"taken":1,"ignored":1}""", await taken.Content.ReadAsStringAsync(cancellation));
        JsonNode stopped = await ShowAsync("POST", "trial/stop");
        Assert.Equal("stopped", stopped["phase"]!.GetValue<string>());
        Assert.Equal(1, stopped["arms"]!.AsArray().Sum(static arm => arm!["units"]!.GetValue<long>()));

        foreach ((string format, string type) in new[] { ("html", "text/html"), ("md", "text/markdown"), ("json", "application/json") })
        {
            using HttpResponseMessage report = await _admin.GetAsync(new Uri($"/api/v1/experiments/trial/report?format={format}", UriKind.Relative), cancellation);
            Assert.Equal(type, report.Content.Headers.ContentType!.MediaType);
            Assert.Contains("default-src 'none'", Assert.Single(report.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }

        using HttpResponseMessage unknown = await _admin.GetAsync(new Uri("/api/v1/experiments/trial/report?format=pdf", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        using HttpResponseMessage absent = await _admin.GetAsync(new Uri("/api/v1/experiments/none", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task An_experiment_is_defined_by_request_in_the_words_of_the_configuration_and_deleted_when_it_is_over()
    {
        const string definition = """
            endpoint: scoring
            metrics: { revenue: { kind: mean, better: higher } }
            primary: revenue
            guardrails: { errors: 0.02 }
            minimalEffect: 0.5
            """;
        using HttpResponseMessage made = await DefineAsync("more", definition);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal("running", (await ShowAsync("GET", "more"))["phase"]!.GetValue<string>());
        using HttpResponseMessage again = await DefineAsync("more", definition);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using HttpResponseMessage json = await DefineAsync("as-json", """{"endpoint":"scoring","metrics":{"clicks":{"kind":"rate"}},"primary":"clicks","minimalEffect":0.01,"start":"manual"}""");
        Assert.Equal("waiting", (await ShowAsync("GET", "as-json"))["phase"]!.GetValue<string>());

        Assert.NotEqual(HttpStatusCode.NoContent, await DeleteAsync("more"));
        Assert.NotEqual(HttpStatusCode.NoContent, await DeleteAsync("trial"));
        await ShowAsync("POST", "more/stop");
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync("more"));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync("as-json"));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync("more"));
    }

    [Theory]
    [InlineData("x", "endpoint: nowhere\nprimary: clicks\nminimalEffect: 1", "endpoint: there is no endpoint 'nowhere'")]
    [InlineData("x", "endpoint: scoring\nprimry: clicks", "primry: unknown key")]
    [InlineData("x", "endpoint: scoring\nmetrics: { clicks: { kind: rate } }\nprimary: clicks\nminimalEffect: -1", "minimalEffect: a number above 0 is expected")]
    [InlineData("x", "endpoint: [", "not YAML")]
    [InlineData("x", "", "the keys of an experiment are expected")]
    [InlineData("x", "[]", "the keys of an experiment are expected")]
    [InlineData("a b", "endpoint: scoring\nmetrics: { clicks: { kind: rate } }\nprimary: clicks\nminimalEffect: 1", "'a b' is no name")]
    public async Task What_is_wrong_with_a_definition_is_named_by_its_key(string name, string definition, string expected)
    {
        using HttpResponseMessage refused = await DefineAsync(name, definition);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(expected, await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> DefineAsync(string name, string definition)
    {
        using StringContent content = new(definition, Encoding.UTF8, "application/yaml");
        return await _admin.PutAsync(new Uri("/api/v1/experiments/" + Uri.EscapeDataString(name), UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    private async Task<HttpStatusCode> DeleteAsync(string name)
    {
        using HttpResponseMessage response = await _admin.DeleteAsync(new Uri("/api/v1/experiments/" + name, UriKind.Relative), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private async Task<JsonNode> ShowAsync(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), "/api/v1/experiments/" + path);
        using HttpResponseMessage response = await _admin.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}
