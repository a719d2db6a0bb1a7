using System.Globalization;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

/// <summary>Rollouts on the real server with real models while clients ask without pause: the server decides by itself.</summary>
public sealed class RolloutTests
{
    private const string Plan = """
        {
          "steps": [
            { "weight": 20, "shadow": 50, "minRequests": 30, "minTimeSeconds": 1 },
            { "weight": 50, "minRequests": 100, "minTimeSeconds": 1, "prove": true }
          ],
          "policy": { "errorMargin": 0.15, "slowMargin": 0.25, "slowAfterSeconds": 0.1 }
        }
        """;

    [Fact]
    public async Task A_good_version_is_promoted_and_failing_slow_and_wrong_ones_go_back_while_no_client_sees_a_failure()
    {
        using TemporaryFolder files = new();
        files.Write("models/adder/1/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/2/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/3/model.onnx", Failing());
        files.Write("models/adder/4/model.onnx", OnnxModels.Add(2, width: 1));
        files.Write("models/adder/5/model.onnx", Slow());
        files.Write("models/adder/model.yaml", "versionPolicy: all\n");
        string config = files.Write("slipway.yaml", "endpoints: { scoring: { arms: { stable: \"adder:1\" } } }\n");
        string plan = files.Write("plan.json", Plan);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", files.PathOf("models"), "--config", config, "--data", files.PathOf("data"));
        InferCall call = new("scoring", [ClientTensor.Of("x", [1, 1], [5f])]);
        await using (Load load = Load.Start(server, call, rest: 3, grpc: 1))
        {
            await load.WaitForAsync(20);
            Assert.Contains("harm in", await RollOutAsync(server, 3, plan, status: 1), StringComparison.Ordinal);
            Assert.Contains("harm in disagreement", await RollOutAsync(server, 4, plan, status: 1), StringComparison.Ordinal);
            Assert.Contains("harm in slow", await RollOutAsync(server, 5, plan, status: 1), StringComparison.Ordinal);
            Assert.Contains("promoted", await RollOutAsync(server, 2, plan, status: 0), StringComparison.Ordinal);
            await load.WaitForAsync(50);
            Assert.Empty(load.Failures);
        }

        using SlipwayClient client = new(server.Http);
        Assert.Equal("2", (await client.InferAsync(call, TestContext.Current.CancellationToken)).Version);
        (int told, string events, string fault) = await SlipwayProcess.RunAsync("rollout", "events", "scoring", "--url", server.Admin.ToString());
        Assert.True(told == 0, fault);
        Assert.Matches(@"^\S+ \S+  started  [\s\S]*  step  step 1 showed no harm\n[\s\S]*  promoted  step 2 is proven\n[\s\S]*evidence of harm", events);
        (int refused, _, string why) = await SlipwayProcess.RunAsync("rollout", "events", "scoring", "--limit", "0", "--url", server.Admin.ToString());
        Assert.NotEqual(0, refused);
        Assert.Contains("limit: 1 to 1000 is expected", why, StringComparison.Ordinal);
        (_, string list, _) = await SlipwayProcess.RunAsync("rollout", "list", "--url", server.Admin.ToString());
        Assert.Equal(["promoted", "rolledBack", "rolledBack", "rolledBack"], list.Split('\n').Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries)[3]));
    }

    [Fact]
    public async Task A_promotion_outlives_the_server()
    {
        using TemporaryFolder files = new();
        files.Write("models/adder/1/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/2/model.onnx", OnnxModels.Add(1, width: 1));
        files.Write("models/adder/model.yaml", "versionPolicy: all\n");
        string config = files.Write("slipway.yaml", "endpoints: { scoring: { arms: { stable: \"adder:1\" } } }\n");
        string[] serve = ["--models", files.PathOf("models"), "--config", config, "--data", files.PathOf("data")];
        InferCall call = new("scoring", [ClientTensor.Of("x", [1, 1], [5f])]);
        foreach (string expected in (string[])["1", "2"])
        {
            await using SlipwayProcess server = await SlipwayProcess.ServeAsync(serve);
            using SlipwayClient client = new(server.Http);
            Assert.Equal(expected, (await client.InferAsync(call, TestContext.Current.CancellationToken)).Version);
            if (expected == "1")
            {
                (int code, _, string errors) = await SlipwayProcess.RunAsync("rollout", "start", "scoring", "--to", "2", "--plan", "immediate", "--url", server.Admin.ToString());
                Assert.True(code == 0, errors);
                Assert.Equal("2", (await client.InferAsync(call, TestContext.Current.CancellationToken)).Version);
            }
        }
    }

    private static async Task<string> RollOutAsync(SlipwayProcess server, int to, string plan, int status)
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync(
            "rollout", "start", "scoring", "--to", to.ToString(CultureInfo.InvariantCulture), "--file", plan, "--wait", "--url", server.Admin.ToString());
        Assert.True(code == status, output + errors);
        return output;
    }

    /// <summary><c>y = x + 1</c> for inputs whose first value is 0, such as those of a warm-up; fails for others: an index out of range.</summary>
    private static byte[] Failing() => new OnnxModelBuilder()
        .Input("x", OnnxDataType.Float, "batch", 1)
        .Output("y", OnnxDataType.Float, "batch", 1)
        .Constant("ones", [1f], 1)
        .Node("Cast", ["x"], ["index"], "", OnnxAttributes.Int("to", 7))
        .Node("Gather", ["ones", "index"], ["amount"], "", OnnxAttributes.Int("axis", 0))
        .Node("Add", ["x", "amount"], ["y"])
        .Build();

    /// <summary><c>y = x + 1</c> after a thousand matrix products that add nothing.</summary>
    private static byte[] Slow()
    {
        const int width = 1024;
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("x", OnnxDataType.Float, "batch", 1)
            .Output("y", OnnxDataType.Float, "batch", 1)
            .Constant("one", [1f], 1)
            .Constant("in", new float[width], 1, width)
            .Constant("w", new float[width * width], width, width)
            .Constant("out", new float[width], width, 1)
            .Node("MatMul", ["x", "in"], ["h0"]);
        const int layers = 1500;
        for (int i = 0; i < layers; i++)
        {
            builder.Node("MatMul", [$"h{i}", "w"], [$"h{i + 1}"]);
        }

        return builder.Node("MatMul", [$"h{layers}", "out"], ["zero"]).Node("Add", ["x", "zero"], ["same"]).Node("Add", ["same", "one"], ["y"]).Build();
    }
}
