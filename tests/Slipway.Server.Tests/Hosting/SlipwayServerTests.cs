using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Hosting;

public sealed class SlipwayServerTests
{
    [Fact]
    public async Task A_server_that_is_disposed_without_being_stopped_ends_at_once_although_a_connection_is_open()
    {
        using TemporaryFolder models = new();
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = models.Root;
        options.Logging.Level = LogLevel.None;
        SlipwayServer server = await SlipwayServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken);
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", server.Addresses["http"].Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(await client.GetStream().ReadAsync(new byte[512], TestContext.Current.CancellationToken) > 0);

        await server.DisposeAsync();
    }
}
