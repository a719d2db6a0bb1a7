using Slipway.Client.Inference;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

public sealed class StoppingTests : IDisposable
{
    private readonly TemporaryFolder _models = new();
    private readonly TemporaryFolder _data = new();

    public StoppingTests()
    {
        _models.Write("mlp/1/model.onnx", OnnxModels.Mlp());
        _models.Age(TimeSpan.FromMinutes(1));
    }

    private static InferCall Call => new("mlp", [ClientTensor.Of("x", [1, 64], new float[64])]);

    public void Dispose()
    {
        _models.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(0, 4)]
    public async Task SIGTERM_under_load_fails_no_request_and_exits_with_0(int rest, int grpc)
    {
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", _models.Root);
        await using Load load = Load.Start(server, Call, rest, grpc);
        await load.WaitForAsync(200);

        server.Terminate();

        Assert.Equal(0, await server.WaitForExitAsync());
        await load.WaitForEndAsync();
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task Readiness_is_false_while_a_shutdown_delay_runs_and_requests_are_still_served()
    {
        string config = _data.Write("slipway.yaml", "limits: { shutdownDelay: 3s }\n");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", _models.Root, "--config", config);
        using Client.SlipwayClient client = new(server.Http);
        Assert.True(await client.IsReadyAsync());

        server.Terminate();
        while (await client.IsReadyAsync())
        {
            await Task.Delay(10);
        }

        Assert.True(await client.IsLiveAsync());
        Assert.Equal("mlp", (await client.InferAsync(Call)).Model);
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task A_second_signal_exits_at_once()
    {
        string config = _data.Write("slipway.yaml", "limits: { shutdownDelay: 1h }\n");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", _models.Root, "--config", config);
        server.Terminate();
        using Client.SlipwayClient client = new(server.Http);
        while (await client.IsReadyAsync())
        {
            await Task.Delay(10);
        }

        server.Terminate();
        Assert.Equal(128 + 15, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task A_server_that_was_killed_under_load_starts_again_on_the_same_data()
    {
        for (int round = 0; round < 3; round++)
        {
            await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", _models.Root, "--data", _data.Root);
            Assert.Equal(1, server.Models);
            await using Load load = Load.Start(server, Call, rest: 4, grpc: 2);
            await load.WaitForAsync(100);
            Assert.Empty(load.Failures);
            await server.KillAsync();
        }
    }
}
