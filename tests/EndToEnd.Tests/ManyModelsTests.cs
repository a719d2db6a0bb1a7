using System.Diagnostics;
using Slipway.Client;
using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

[Trait("Category", "Slow")]
public sealed class ManyModelsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_thousand_models_are_registered_listed_and_any_of_them_serves()
    {
        const int Count = 1000, Resident = 100;
        using TemporaryFolder models = new();
        for (int i = 0; i < Count; i++)
        {
            models.Write($"m{i:0000}/1/model.onnx", OnnxModels.Add(i));
            models.Write($"m{i:0000}/model.yaml", "load: onDemand\n");
        }

        models.Age(TimeSpan.FromMinutes(1));
        string config = models.Write(".slipway.yaml", $"models: {{ maxResident: {Resident} }}\n");
        long begin = Stopwatch.GetTimestamp();
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", models.Root, "--config", config);
        output.WriteLine($"ready after {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s");
        Assert.Equal(Count, server.Models);

        using SlipwayClient client = new(server.Http);
        using ManagementClient management = new(server.Admin);
        Assert.Equal(Count, (await management.GetModelsAsync()).Count);
        Random random = new(11);
        for (int i = 0; i < 400; i++)
        {
            int number = random.Next(Count);
            InferResult result = await client.InferAsync(new InferCall($"m{number:0000}", [ClientTensor.Of("x", [1, 2], [1f, 2f])]));
            Assert.Equal(number + 1f, result["y"][0]);
        }

        int ready = (await management.GetModelsAsync()).Count(model => model.Versions.Any(version => version.State == "ready"));
        Assert.InRange(ready, 1, Resident);
    }
}
