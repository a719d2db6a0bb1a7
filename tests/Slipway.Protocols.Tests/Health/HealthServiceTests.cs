using Slipway.Core;
using Slipway.Protocols.Protos.Health;
using Slipway.Protocols.Tests.Grpc;
using ServingStatus = Slipway.Protocols.Protos.Health.HealthCheckResponse.Types.ServingStatus;

namespace Slipway.Protocols.Tests.Health;

public sealed class HealthServiceTests
{
    private const string Check = "grpc.health.v1.Health/Check";

    [Theory]
    [InlineData("")]
    [InlineData("inference.GRPCInferenceService")]
    [InlineData("good")]
    public async Task Server_service_and_ready_model_are_serving(string name)
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync();
        server.Models.Add("good");
        using GrpcTestClient client = server.Connect();

        Assert.Equal(ServingStatus.Serving, (await CheckAsync(client, name)).Single(HealthCheckResponse.Parser).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("bad")]
    public async Task Server_that_starts_and_failed_model_are_not_serving(string name)
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync();
        server.Models.Add("bad", state: ServableState.Failed);
        server.Models.IsReady = false;
        using GrpcTestClient client = server.Connect();

        Assert.Equal(ServingStatus.NotServing, (await CheckAsync(client, name)).Single(HealthCheckResponse.Parser).Status);
    }

    [Fact]
    public async Task Unknown_name_is_NOT_FOUND()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync();
        using GrpcTestClient client = server.Connect();

        Assert.Equal(5, (await CheckAsync(client, "nobody")).Status);
    }

    private static Task<GrpcReply> CheckAsync(GrpcTestClient client, string name) => client.CallAsync(Check, new HealthCheckRequest { Service = name });
}
