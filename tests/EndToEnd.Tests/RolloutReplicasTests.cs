using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Client.Rollouts;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;
using Slipway.TestKit.Servers;

namespace Slipway.EndToEnd.Tests;

/// <summary>Rollouts over a registry: what a promotion does to an alias, and two servers over one database.</summary>
public sealed class RolloutReplicasTests
{
    private const string Plan = """
        {
          "steps": [
            { "weight": 20, "shadow": 50, "minRequests": 30, "minTimeSeconds": 1 },
            { "weight": 50, "minRequests": 100, "minTimeSeconds": 1, "prove": true }
          ],
          "policy": { "errorMargin": 0.15, "slowMargin": 0.25, "slowAfterSeconds": 30 }
        }
        """;

    private static readonly InferCall Scoring = new("scoring", [ClientTensor.Of("x", [1, 1], [5f])]);

    [Fact]
    public async Task A_promotion_moves_the_alias_that_the_arm_is_named_by_with_its_reason_and_the_endpoint_follows_the_alias_afterwards()
    {
        using TemporaryFolder files = new();
        string data = files.PathOf("data");
        await DirectAsync(data, "model", "push", files.Write("1.onnx", OnnxModels.Add(1, width: 1)), "--name", "m", "--alias", "champion");
        await DirectAsync(data, "model", "push", files.Write("2.onnx", OnnxModels.Add(2, width: 1)), "--name", "m", "--alias", "challenger");
        string config = files.Write("slipway.yaml", "endpoints: { scoring: { arms: { stable: \"m@champion\" } } }\n");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--config", config, "--data", data);
        using SlipwayClient client = new(server.Http);
        using RolloutClient rollouts = new(server.Admin);
        await EventuallyAsync(async () => (await client.InferAsync(Scoring)).Version == "1");

        await rollouts.StartAsync(new RolloutRequest("scoring", 2) { Plan = "immediate" }, TestContext.Current.CancellationToken);
        Assert.Equal("2", (await client.InferAsync(Scoring)).Version);
        await EventuallyAsync(async () => (await rollouts.GetAsync("scoring", TestContext.Current.CancellationToken)).Alias is { Name: "champion", State: "moved" });
        string shown = await DirectAsync(data, "model", "show", "m@champion", "--json");
        Assert.Contains("\"number\": 2", shown, StringComparison.Ordinal);
        Assert.Equal("2", (await client.InferAsync(Scoring)).Version);

        // From now on the alias counts again.
        await DirectAsync(data, "model", "alias", "m", "champion", "1");
        await EventuallyAsync(async () => (await client.InferAsync(Scoring)).Version == "1");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Two_servers_over_one_database_roll_back_together_and_when_the_one_that_decides_is_killed_the_other_goes_on()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.Missing);
        await using PostgresServer database = await PostgresServer.StartAsync();
        string store = await database.CreateDatabaseAsync();
        using TemporaryFolder files = new();
        files.Write("models/adder/1/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/2/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/3/model.onnx", OnnxModels.Add(3, width: 1));
        files.Write("models/adder/model.yaml", "versionPolicy: all\n");
        string config = files.Write("slipway.yaml", $"registry: {{ store: \"{store}\" }}\nendpoints: {{ scoring: {{ arms: {{ stable: \"adder:1\" }} }} }}\n");
        string plan = files.Write("plan.json", Plan);
        string slower = files.Write("slower.json", Plan.Replace("\"minTimeSeconds\": 1", "\"minTimeSeconds\": 8", StringComparison.Ordinal));
        await using SlipwayProcess first = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", config, "--data", files.PathOf("first"));
        await using SlipwayProcess second = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", config, "--data", files.PathOf("second"));
        using SlipwayClient client = new(second.Http);
        await using (Load busy = Load.Start(second, Scoring, rest: 2, grpc: 1))
        {
            await using (Load load = Load.Start(first, Scoring, rest: 2, grpc: 1))
            {
                await load.WaitForAsync(20);
                Assert.Contains("harm in disagreement", await StartAsync(first, 3, plan, status: 1), StringComparison.Ordinal);
                await EventuallyAsync(async () => (await SlipwayProcess.RunAsync("rollout", "status", "scoring", "--url", second.Admin.ToString())).Output.Contains("rolledBack", StringComparison.Ordinal));
                Assert.Empty(load.Failures);

                await StartAsync(first, 2, slower, status: 0, wait: false);
                await EventuallyAsync(async () => (await SlipwayProcess.RunAsync("rollout", "list", "--url", second.Admin.ToString())).Output.Contains("-2  adder:1 to 2", StringComparison.Ordinal));
                await first.KillAsync();
            }

            (int code, string output, string errors) = await SlipwayProcess.RunAsync("rollout", "status", "scoring", "--wait", "--url", second.Admin.ToString());
            Assert.True(code == 0, output + errors);
            Assert.Contains("promoted", output, StringComparison.Ordinal);
            await busy.WaitForAsync(20);
            Assert.Empty(busy.Failures);
        }

        Assert.Equal("2", (await client.InferAsync(Scoring)).Version);
    }

    private static async Task<string> StartAsync(SlipwayProcess server, int to, string plan, int status, bool wait = true)
    {
        string[] start = ["rollout", "start", "scoring", "--to", to.ToString(System.Globalization.CultureInfo.InvariantCulture), "--file", plan, "--url", server.Admin.ToString()];
        (int code, string output, string errors) = await SlipwayProcess.RunAsync(wait ? [.. start, "--wait"] : start);
        Assert.True(code == status, output + errors);
        return output;
    }

    private static async Task<string> DirectAsync(string data, params string[] args)
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync([.. args, "--data", data]);
        Assert.True(code == 0, $"{string.Join(' ', args)}: {code} {errors}");
        return output.Trim();
    }

    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
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

            await Task.Delay(20, patience.Token);
        }
    }
}
