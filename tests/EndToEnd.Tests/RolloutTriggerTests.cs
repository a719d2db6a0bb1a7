using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Client.Rollouts;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;
using Slipway.TestKit.Servers;

namespace Slipway.EndToEnd.Tests;

/// <summary>Rollouts that an alias starts, and that watch a number of a Prometheus server, in the real program.</summary>
public sealed class RolloutTriggerTests
{
    private static readonly InferCall Scoring = new("scoring", [ClientTensor.Of("x", [1, 1], [5f])]);

    [Fact]
    public async Task A_challenger_is_rolled_out_when_its_alias_moves_and_becomes_the_champion()
    {
        using TemporaryFolder files = new();
        string data = files.PathOf("data");
        await RunAsync("model", "push", files.Write("1.onnx", OnnxModels.Add(1, width: 1)), "--name", "m", "--alias", "champion", "--data", data);
        string config = files.Write("slipway.yaml", """
            endpoints: { scoring: { arms: { stable: "m@champion" } } }
            rollouts: { triggers: { scoring: { alias: challenger, plan: immediate } } }
            """);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--config", config, "--data", data);
        using SlipwayClient client = new(server.Http);
        using RolloutClient rollouts = new(server.Admin);
        await EventuallyAsync(async () => (await client.InferAsync(Scoring)).Version == "1");

        // Only a move starts a rollout: should the server not have looked before the first, the second is one.
        int pushed = 1;
        await EventuallyAsync(async () =>
        {
            await RunAsync("model", "push", files.Write($"{++pushed}.onnx", OnnxModels.Add(pushed, width: 1)), "--name", "m", "--alias", "challenger", "--url", server.Admin.ToString());
            for (int look = 0; look < 60 && (await rollouts.ListAsync()).Count == 0; look++)
            {
                await Task.Delay(50);
            }

            return (await rollouts.ListAsync()).Count > 0;
        });
        await EventuallyAsync(async () => (await rollouts.GetAsync("scoring")).Alias is { Name: "champion", State: "moved" });
        RolloutDescription over = await rollouts.GetAsync("scoring");
        Assert.Equal(("promoted", "alias:challenger"), (over.Phase, over.StartedBy));
        Assert.Equal(over.To.ToString(System.Globalization.CultureInfo.InvariantCulture), (await client.InferAsync(Scoring)).Version);
    }

    [Fact]
    public async Task A_number_of_a_real_Prometheus_rolls_back_lets_pass_and_holds_when_it_is_away()
    {
        Assert.SkipUnless(PrometheusServer.IsThere, PrometheusServer.Missing);
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync();
        using TemporaryFolder files = new();
        foreach (int version in (int[])[1, 2, 3])
        {
            files.Write($"models/adder/{version}/model.onnx", OnnxModels.Add(1, width: 1));
        }

        files.Write("models/adder/model.yaml", "versionPolicy: all\n");
        string config = files.Write("slipway.yaml", $$"""
            endpoints: { scoring: { arms: { stable: "adder:1" } } }
            rollouts:
              metrics:
                number: { prometheus: "{{prometheus.Address}}", query: "vector($version)", most: 2.5, interval: 1s, tries: 2 }
                growth: { prometheus: "{{prometheus.Address}}", query: "scalar(vector($version))", compare: difference, most: 100, interval: 1s }
                absent: { prometheus: "{{prometheus.Address}}", query: "nobody_reports_this", most: 1, interval: 1s }
            """);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", config, "--data", files.PathOf("data"));
        using RolloutClient rollouts = new(server.Admin);
        await using Load load = Load.Start(server, Scoring, rest: 1, grpc: 0);

        RolloutDescription over = await RollOutAsync(3, ["number", "growth"], static now => now.IsOver);
        Assert.Equal(("rolledBack", "harm in metric:number: its value 3 is above 2.5, 2 times in a row"), (over.Phase, over.Reason));

        over = await RollOutAsync(2, ["absent"], static now => now.Phase == "holding");
        Assert.Equal("metric absent: the query comes to nothing", over.Reason);
        await rollouts.CommandAsync("scoring", "abort", TestContext.Current.CancellationToken);

        over = await RollOutAsync(2, ["number", "growth"], static now => now.IsOver);
        Assert.Equal("promoted", over.Phase);
        Assert.Equal([2.0, 2], over.Findings.Where(static one => one.Measure.StartsWith("metric:", StringComparison.Ordinal)).Select(static one => one.New!.Value));
        Assert.Equal(1, Assert.Single(over.Findings, static one => one.Measure == "metric:growth").Old);

        await prometheus.StopAsync();
        over = await RollOutAsync(3, ["number"], static now => now.Phase == "holding");
        Assert.Contains("can't be reached", over.Reason, StringComparison.Ordinal);
        SlipwayClientException refused = await Assert.ThrowsAsync<SlipwayClientException>(
            () => rollouts.StartAsync(new RolloutRequest("adder", 2) { Policy = new RolloutPolicyBody { Metrics = ["nobody"] } }, TestContext.Current.CancellationToken));
        Assert.Contains("there is no metric 'nobody'; metrics are absent, growth, number", refused.Message, StringComparison.Ordinal);

        async Task<RolloutDescription> RollOutAsync(int to, string[] metrics, Func<RolloutDescription, bool> until)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
            RolloutDescription now = await rollouts.StartAsync(
                new RolloutRequest("scoring", to)
                {
                    Steps = [new RolloutStepBody { Weight = 20, MinRequests = 5 }],
                    Policy = new RolloutPolicyBody { FalseRollback = 1e-6, SlowAfterSeconds = 30, Metrics = metrics },
                },
                patience.Token);
            while (!until(now))
            {
                await Task.Delay(100, patience.Token);
                now = await rollouts.GetAsync(now.Id, patience.Token);
            }

            return now;
        }
    }

    private static async Task RunAsync(params string[] args)
    {
        (int code, _, string errors) = await SlipwayProcess.RunAsync(args);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {code} {errors}");
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                if (await isSo())
                {
                    return;
                }
            }
            catch (SlipwayClientException refusal) when (refusal.IsTransient)
            {
                // Not served yet.
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
