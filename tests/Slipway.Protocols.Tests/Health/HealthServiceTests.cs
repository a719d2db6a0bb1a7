using Google.Protobuf;
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

    [Fact]
    public async Task Watch_tells_every_change_and_ends_when_the_server_stops()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(static options => options.HealthWatchIntervalMilliseconds = 10);
        using GrpcTestClient client = server.Connect();
        ByteArrayContent question = new(GrpcTestClient.Frame(new HealthCheckRequest { Service = "later" }.ToByteArray()));
        using HttpResponseMessage response = await client.OpenAsync("grpc.health.v1.Health/Watch", question, "application/grpc", CancellationToken.None);
        Stream answers = await response.Content.ReadAsStreamAsync();
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(answers));
        server.Models.Add("later");
        Assert.Equal(ServingStatus.Serving, await NextAsync(answers));
        server.Stop();
        Assert.Equal(ServingStatus.NotServing, await NextAsync(answers));
        Assert.Equal(-1, answers.ReadByte());
        Assert.Equal("14", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    private static async Task<ServingStatus> NextAsync(Stream stream)
    {
        byte[] prefix = new byte[5];
        await stream.ReadExactlyAsync(prefix);
        byte[] message = new byte[prefix[4]];
        await stream.ReadExactlyAsync(message);
        return HealthCheckResponse.Parser.ParseFrom(message).Status;
    }

    private static Task<GrpcReply> CheckAsync(GrpcTestClient client, string name) => client.CallAsync(Check, new HealthCheckRequest { Service = name });
}
