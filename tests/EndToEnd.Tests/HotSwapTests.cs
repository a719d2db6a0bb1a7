using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

[Trait("Category", "Slow")]
public sealed class HotSwapTests
{
    [Fact]
    public async Task Two_hundred_swaps_of_a_version_under_load_fail_no_request()
    {
        using TemporaryFolder models = new();
        models.Write("m/1/model.onnx", OnnxModels.Add(1));
        models.Write("quiet/1/model.onnx", OnnxModels.Mlp());
        models.Age(TimeSpan.FromMinutes(1));
        using TemporaryFolder settings = new();
        string config = settings.Write("slipway.yaml", "models: { settle: 0, poll: 1h }\n");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", models.Root, "--config", config);
        using SlipwayClient client = new(server.Http);
        using ManagementClient management = new(server.Admin);
        InferCall call = new("m", [ClientTensor.Of("x", [1, 2], [0f, 0f])]);
        await using Load swapped = Load.Start(server, call, rest: 2, grpc: 1);
        await using Load other = Load.Start(server, new InferCall("quiet", [ClientTensor.Of("x", [1, 64], new float[64])]), rest: 1, grpc: 0);

        for (int version = 2; version <= 201; version++)
        {
            // Written beside and moved into place, as a deployment tool does: half a file is never seen.
            models.Write(".next/model.onnx", OnnxModels.Add(version));
            Directory.Move(models.PathOf(".next"), models.PathOf($"m/{version}"));
            await management.LoadAsync("m");
            InferResult result = await client.InferAsync(call);
            Assert.Equal(($"{version}", (float)version), (result.Version, (float)result["y"][0]));
        }

        await swapped.WaitForAsync(10);
        Assert.Empty(swapped.Failures);
        Assert.Empty(other.Failures);
    }
}
