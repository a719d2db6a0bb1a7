using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.TestKit;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Experiments;

namespace Slipway.Security.Tests.Hosting;

/// <summary>Roles for some models hold for the traffic of those: rollouts, experiments and reports of what became of answers.</summary>
public sealed class TrafficRightsTests
{
    [Fact]
    public async Task A_deployer_of_some_models_rolls_out_those_and_no_others()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient deployer = server.Client("admin", server.KeyFor("deployer:fraud-*"));

        (HttpStatusCode status, JsonNode? rollout) = await PostAsync(deployer, "rollouts", new { endpoint = "fraud-scores", to = 2 });
        Assert.Equal(HttpStatusCode.OK, status);
        string id = rollout!["id"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(deployer, $"rollouts/{id}/pause", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(deployer, "rollouts/fraud-scores/abort", null)).Status);

        // Another endpoint; one that fits but leads to a model that does not; one that there is not.
        foreach (string endpoint in (string[])["credit-scores", "fraud-mixed", "credit", "nobody"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(deployer, "rollouts", new { endpoint, to = 2 })).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(deployer, $"rollouts/{endpoint}/promote", null)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(deployer, "rollouts/fraud-nobody/promote", null)).Status);
        Assert.Contains(server.Audit.Events, static entry => entry is { Action: "access.denied", Subject: { Kind: "model", Name: "credit" } });
    }

    [Fact]
    public async Task A_rollout_of_others_is_not_commanded_by_its_id()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient everybody = server.Client("admin", server.KeyFor("deployer"));
        (HttpStatusCode status, JsonNode? rollout) = await PostAsync(everybody, "rollouts", new { endpoint = "credit-scores", to = 2 });
        Assert.Equal(HttpStatusCode.OK, status);

        using HttpClient deployer = server.Client("admin", server.KeyFor("deployer:fraud-*"));
        foreach (string command in (string[])["pause", "resume", "promote", "abort"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(deployer, $"rollouts/{rollout!["id"]}/{command}", null)).Status);
        }

        using HttpClient viewer = server.Client("admin", server.KeyFor("contributor:credit*"));
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(viewer, $"rollouts/{rollout!["id"]}/abort", null)).Status);
    }

    [Fact]
    public async Task Experiments_are_started_and_stopped_by_those_who_may_for_their_models()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient deployer = server.Client("admin", server.KeyFor("deployer:fraud-*"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(deployer, "experiments/ours/start", null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(deployer, "experiments/ours/stop", null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(deployer, "experiments/theirs/start", null)).Status);
    }

    [Fact]
    public async Task Labels_are_taken_for_the_callers_endpoints_only()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient contributor = server.Client("admin", server.KeyFor("contributor:fraud-*"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(contributor, "feedback", Report("fraud-scores"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(contributor, "feedback", Report("fraud-scores", "credit-scores"))).Status);
    }

    private static object Report(params string[] endpoints) =>
        new { items = endpoints.Select(static endpoint => new { endpoint, metric = "conversion", value = 1, entity = "e" }).ToArray() };

    private static async Task<(HttpStatusCode Status, JsonNode? Answer)> PostAsync(HttpClient client, string path, object? body)
    {
        using HttpResponseMessage response = await client.PostAsync($"api/v1/{path}", body is null ? null : JsonContent.Create(body), TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private static Task<SecuredServer> StartAsync() => SecuredServer.StartAsync(
        static options =>
        {
            options.Endpoints =
            [
                Endpoint("fraud-scores", ("fraud-eu", 1, 100)),
                Endpoint("credit-scores", ("credit", 1, 100)),
                Endpoint("fraud-mixed", ("fraud-eu", 1, 100), ("credit", 1, 0)),
                Endpoint("fraud-trial", ("fraud-eu", 1, 50), ("fraud-eu", 2, 50)),
                Endpoint("credit-trial", ("credit", 1, 50), ("credit", 2, 50)),
            ];
            options.Experiments = [Experiment("ours", "fraud-trial"), Experiment("theirs", "credit-trial")];
        },
        fill: static folder =>
        {
            foreach (string model in (string[])["fraud-eu", "credit"])
            {
                folder.Write($"models/{model}/2/model.onnx", OnnxModels.Add(3));
                folder.Write($"models/{model}/model.yaml", "versionPolicy: all\n");
            }
        });

    private static EndpointDefinition Endpoint(string name, params (string Model, long Version, double Weight)[] arms) => new()
    {
        Name = name,
        Arms = [.. arms.Select(static arm => new ArmDefinition
        {
            Name = $"{arm.Model}-{arm.Version}",
            Model = arm.Model,
            Version = VersionSelector.Exact(arm.Version),
            Weight = arm.Weight,
        })],
    };

    private static ExperimentDefinition Experiment(string name, string endpoint) => new()
    {
        Name = name,
        Endpoint = endpoint,
        Metrics = [new MetricDefinition { Name = "conversion" }],
        Primary = "conversion",
        MinimalEffect = 0.05,
        StartsByItself = false,
    };
}
