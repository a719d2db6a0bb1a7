using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Client;
using Slipway.Client.Endpoints;
using Slipway.Client.Experiments;
using Slipway.Server.Configuration;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Traffic;

/// <summary>A bandit from a configuration file: asked over the data plane, rewarded and looked at over the control plane, and started again.</summary>
public sealed class BanditApiTests : IAsyncLifetime
{
    private const string Settings = """
        endpoints:
          offers:
            arms: { plain: "adder:1", bold: "adder:2" }
            bandit: { policy: thompson, floor: 5, reward: { metric: revenue, to: 10 }, context: [{ header: X-Age, scale: 10 }] }
          gone:
            arms: { broken: { model: "adder:9", weight: 100, breaker: { minRequests: 1, openFor: 1h } }, spare: { model: "adder:1", weight: 0 } }
            fallback: spare
        """;

    private readonly TemporaryFolder _folder = new();
    private SlipwayServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _folder.Write("models/adder/1/model.onnx", OnnxModels.Add(1));
        _folder.Write("models/adder/2/model.onnx", OnnxModels.Add(2));
        _folder.Write("models/adder/model.yaml", "versionPolicy: all\n");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rewards_teach_the_bandit_over_a_restart_and_tell_what_another_division_would_have_earned()
    {
        using (HttpClient data = new() { BaseAddress = _server.Addresses["http"] })
        using (ExperimentClient feedback = new(_server.Addresses["admin"]))
        {
            for (int batch = 0; batch < 10; batch++)
            {
                List<FeedbackItem> items = [];
                for (int i = 0; i < 20; i++)
                {
                    (string id, string arm) = await AskAsync(data, "offers", $"r{batch}-{i}");
                    items.Add(new FeedbackItem("offers", "revenue", arm == "bold" ? 8 : 2) { RequestId = id });
                }

                FeedbackAnswer answer = await feedback.ReportFeedbackAsync(new FeedbackRequest(items), Cancellation);
                Assert.Equal((20, 0), (answer.Taken, answer.Ignored));
            }

            // TensorFlow Serving's body has no place for an id: the header names the request, or the answer does.
            foreach (string? id in new[] { "own-id", null })
            {
                using HttpRequestMessage ask = new(HttpMethod.Post, "/v1/models/offers:predict") { Content = JsonContent.Create(JsonNode.Parse("""{"instances":[[1,1]]}""")) };
                if (id is not null)
                {
                    ask.Headers.Add("Slipway-Request-Id", id);
                }

                using HttpResponseMessage response = await data.SendAsync(ask, Cancellation);
                string named = Assert.Single(response.Headers.GetValues("Slipway-Request-Id"));
                Assert.Equal(id ?? named, named);
                Assert.Equal(1, (await feedback.ReportFeedbackAsync(new FeedbackRequest([new FeedbackItem("offers", "revenue", 5) { RequestId = named }]), Cancellation)).Taken);
            }

            SlipwayClientException unknown = await Assert.ThrowsAsync<SlipwayClientException>(() => feedback.ReportFeedbackAsync(new FeedbackRequest([new FeedbackItem("offers", "revenue", 5) { RequestId = "never" }]), Cancellation));
            Assert.Contains("items[0]: endpoint 'offers' waits for no reward of this requestId", unknown.Message, StringComparison.Ordinal);
            await AskAsync(data, "offers", "late");
        }

        using (EndpointClient endpoints = new(_server.Addresses["admin"]))
        {
            EndpointDescription offers = await endpoints.GetAsync("offers", Cancellation);
            Assert.Equal(("thompson", "revenue", 202), (offers.Bandit!.Policy, offers.Bandit.Metric, offers.Bandit.Logged));
            Assert.True(offers.Arms[1].Reward!.Decisions > offers.Arms[0].Reward!.Decisions);
            Assert.InRange(offers.Arms[1].Reward!.Mean!.Value, 7, 8);

            EvaluationAnswer answer = await endpoints.EvaluateAsync("offers", new EvaluationRequest(new Dictionary<string, double> { ["plain"] = 0, ["bold"] = 100 }), Cancellation);
            Assert.Equal(202, answer.Decisions);
            Assert.InRange(answer.Snips.Value, 7, 8);
            Assert.True(answer.DoublyRobust.Low < answer.DoublyRobust.Value && answer.DoublyRobust.High > answer.DoublyRobust.Value);
            Assert.InRange((await endpoints.EvaluateAsync("offers", new EvaluationRequest(ByContext: true), Cancellation)).Snips.Value, 6, 8.1);
            SlipwayClientException wrong = await Assert.ThrowsAsync<SlipwayClientException>(() => endpoints.EvaluateAsync("offers", new EvaluationRequest(), Cancellation));
            Assert.Contains("either 'shares'", wrong.Message, StringComparison.Ordinal);
        }

        await _server.StopAsync(Cancellation);
        await _server.DisposeAsync();
        await StartAsync();
        using EndpointClient again = new(_server.Addresses["admin"]);
        EndpointDescription kept = await again.GetAsync("offers", Cancellation);
        Assert.Equal(202, kept.Arms.Sum(static arm => arm.Reward!.Weight), 1e-6);
        using ExperimentClient late = new(_server.Addresses["admin"]);
        Assert.Equal(1, (await late.ReportFeedbackAsync(new FeedbackRequest([new FeedbackItem("offers", "revenue", 5) { RequestId = "late" }]), Cancellation)).Taken);
    }

    [Fact]
    public async Task Metrics_tell_what_arms_and_bandits_do()
    {
        using HttpClient data = new() { BaseAddress = _server.Addresses["http"] };
        (string id, string arm) = await AskAsync(data, "offers", "one");
        using ExperimentClient feedback = new(_server.Addresses["admin"]);
        await feedback.ReportFeedbackAsync(new FeedbackRequest([new FeedbackItem("offers", "revenue", 5) { RequestId = id }]), Cancellation);
        await AskAsync(data, "gone", "two");
        await AskAsync(data, "gone", "three");
        using HttpClient admin = new() { BaseAddress = _server.Addresses["admin"] };
        string[] lines = (await admin.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation)).Split('\n');
        foreach (string expected in (string[])
        [
            $$"""slipway_traffic_requests_total{arm="{{arm}}",endpoint="offers"} 1""",
            $$"""slipway_traffic_failures_total{arm="{{arm}}",endpoint="offers"} 0""",
            $$"""slipway_traffic_request_duration_seconds_count{arm="{{arm}}",code="ok",endpoint="offers"} 1""",
            """slipway_traffic_request_duration_seconds_count{arm="broken",code="version_not_found",endpoint="gone"} 1""",
            """slipway_traffic_request_duration_seconds_count{arm="broken",code="model_not_ready",endpoint="gone"} 1""",
            """slipway_traffic_request_duration_seconds_count{arm="spare",code="ok",endpoint="gone"} 2""",
            """slipway_traffic_failures_total{arm="broken",endpoint="gone"} 2""",
            """slipway_traffic_refusals_total{arm="broken",endpoint="gone"} 1""",
            """slipway_traffic_fallbacks_total{arm="broken",endpoint="gone"} 2""",
            """slipway_traffic_stand_ins_total{arm="spare",endpoint="gone"} 2""",
            """slipway_traffic_breaker_state{arm="broken",endpoint="gone"} 2""",
            """slipway_traffic_arm_weight{arm="broken",endpoint="gone"} 1""",
            $$"""slipway_traffic_bandit_decisions_total{arm="{{arm}}",endpoint="offers"} 1""",
            $$"""slipway_traffic_bandit_rewards_total{arm="{{arm}}",endpoint="offers"} 1""",
            $$"""slipway_traffic_bandit_mean_reward{arm="{{arm}}",endpoint="offers"} 5""",
            """slipway_traffic_bandit_share{arm="plain",endpoint="offers"} 0.5""",
            """slipway_traffic_bandit_open{endpoint="offers"} 1""",
        ])
        {
            Assert.True(lines.Contains(expected), $"'{expected}' is not among:\n{string.Join('\n', lines.Where(static line => line.StartsWith("slipway_traffic", StringComparison.Ordinal) && !line.Contains("_bucket", StringComparison.Ordinal)))}");
        }
    }

    [Fact]
    public async Task What_has_no_bandit_can_not_be_evaluated()
    {
        using HttpClient admin = new() { BaseAddress = _server.Addresses["admin"] };
        using HttpResponseMessage none = await admin.PostAsJsonAsync("/api/v1/endpoints/gone/evaluate", JsonNode.Parse("""{"byContext":true}"""), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        using HttpResponseMessage absent = await admin.PostAsJsonAsync("/api/v1/endpoints/nobody/evaluate", JsonNode.Parse("""{"byContext":true}"""), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        using HttpResponseMessage key = await admin.PostAsJsonAsync("/api/v1/endpoints/offers/evaluate", JsonNode.Parse("""{"share":{}}"""), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, key.StatusCode);
    }

    private static async Task<(string Id, string Arm)> AskAsync(HttpClient data, string endpoint, string id)
    {
        using HttpRequestMessage ask = new(HttpMethod.Post, $"/v2/models/{endpoint}/infer")
        {
            Content = JsonContent.Create(JsonNode.Parse($$"""{"id":"{{id}}","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,1]}]}""")),
        };
        using HttpResponseMessage response = await data.SendAsync(ask, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
        return (id, Assert.Single(response.Headers.GetValues("Slipway-Arm")));
    }

    private async Task StartAsync()
    {
        ServerOptions options = ServerConfiguration.Read(_folder.Write("slipway.yaml", Settings), []);
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = Path.Combine(_folder.Root, "models");
        options.Data = Path.Combine(_folder.Root, "data");
        options.Logging.Level = LogLevel.None;
        _server = await SlipwayServer.StartAsync(options);
        Assert.True(await _server.WaitUntilReadyAsync(CancellationToken.None));
    }
}
