using System.Text;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.Client.Management;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.Formats.Onnx;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

public sealed class HostileModelTests
{
    [Fact]
    public async Task Bad_models_fail_with_a_reason_and_leave_the_good_one_serving()
    {
        using TemporaryFolder models = new();
        Dictionary<string, byte[]> bad = new()
        {
            ["empty"] = [],
            ["text"] = Encoding.UTF8.GetBytes("I am not a model"),
            ["truncated"] = OnnxModels.Mlp()[..2000],
            ["zeros"] = new byte[10_000],
            ["future"] = new OnnxModelBuilder().Opset("", 314159).Input("x", OnnxDataType.Float, 1).Output("y", OnnxDataType.Float, 1).Node("Identity", ["x"], ["y"]).Build(),
            ["operator"] = new OnnxModelBuilder().Input("x", OnnxDataType.Float, 1).Output("y", OnnxDataType.Float, 1).Node("NoSuchOperator", ["x"], ["y"]).Build(),
            ["escape"] = OnnxModels.WithExternalData("../../../etc/passwd"),
            ["noise"] = Noise(),
        };
        foreach ((string name, byte[] bytes) in bad)
        {
            models.Write($"{name}/1/model.onnx", bytes);
        }

        models.Write("good/1/model.onnx", SampleModels.HalfPlusTwo);
        models.Age(TimeSpan.FromMinutes(1));

        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", models.Root);

        Assert.Equal(1, server.Models);
        using SlipwayClient client = new(server.Http);
        Assert.Equal(2.5f, (await client.InferAsync(new InferCall("good", [ClientTensor.Of("x", [1], [1f])])))["y"][0]);
        using ManagementClient management = new(server.Admin);
        foreach (string name in bad.Keys)
        {
            VersionDescription version = Assert.Single((await management.GetModelAsync(name)).Versions);
            Assert.Equal("failed", version.State);
            Assert.False(string.IsNullOrEmpty(version.Reason), name);
            Assert.DoesNotContain(models.Root, version.Reason, StringComparison.Ordinal);
            SlipwayClientException refusal = await Assert.ThrowsAsync<SlipwayClientException>(() => client.InferAsync(new InferCall(name, [])));
            Assert.DoesNotContain(models.Root, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_bad_new_version_leaves_the_old_one_serving()
    {
        using TemporaryFolder models = new();
        models.Write("m/1/model.onnx", OnnxModels.Add(1));
        models.Age(TimeSpan.FromMinutes(1));
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", models.Root);
        using ManagementClient management = new(server.Admin);

        models.Write("m/2/model.onnx", [1, 2, 3]);
        await Assert.ThrowsAsync<SlipwayClientException>(() => management.LoadAsync("m"));

        using SlipwayClient client = new(server.Http);
        Assert.Equal("1", (await client.InferAsync(new InferCall("m", [ClientTensor.Of("x", [1, 2], [1f, 1f])]))).Version);
        Assert.Contains((await management.GetModelAsync("m")).Versions, version => version is { Version: 2, State: "failed" });
    }

    private static byte[] Noise()
    {
        byte[] bytes = new byte[4096];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
