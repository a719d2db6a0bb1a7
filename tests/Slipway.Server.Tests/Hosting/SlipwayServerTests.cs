using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Hosting;

public sealed class SlipwayServerTests
{
    [Theory]
    [InlineData("admin", "/metrics")]
    [InlineData("admin", "/api/v1/models")]
    [InlineData("admin", "/api/v1/server")]
    [InlineData("http", "/v2")]
    [InlineData("http", "/v2/models")]
    [InlineData("http", "/v2/health/live")]
    [InlineData("http", "/v1/models")]
    [InlineData("http", "/ping")]
    public async Task HEAD_is_answered_like_GET_without_the_body(string listener, string path)
    {
        using TemporaryFolder models = new();
        await using SlipwayServer server = await SlipwayServer.StartAsync(Quiet(models), cancellationToken: TestContext.Current.CancellationToken);
        using HttpClient client = new() { BaseAddress = server.Addresses[listener] };

        using HttpResponseMessage whole = await client.GetAsync(path, TestContext.Current.CancellationToken);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);

        Assert.Equal((whole.StatusCode, whole.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.True(whole.IsSuccessStatusCode, $"{whole.StatusCode}");
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("admin", "DELETE", "/api/v1/models", 405, "GET,HEAD")]
    [InlineData("admin", "PUT", "/api/v1/models/some/load", 405, "POST")]
    [InlineData("admin", "GET", "/api/v1/models/some/load", 405, "POST")]
    [InlineData("admin", "POST", "/metrics", 405, "GET,HEAD")]
    [InlineData("admin", "DELETE", "/api/v1/nowhere", 404, "")]
    [InlineData("admin", "GET", "/v2/models/some/infer", 404, "")]
    [InlineData("http", "DELETE", "/api/v1/models", 404, "")]
    [InlineData("http", "GET", "/api/v1/models", 404, "")]
    [InlineData("http", "PUT", "/v2/models/some/infer", 405, "POST")]
    [InlineData("http", "GET", "/inference.GRPCInferenceService/ServerLive", 405, "POST")]
    public async Task A_verb_that_a_path_does_not_have_is_answered_with_those_that_it_has_on_that_listener(string listener, string verb, string path, int status, string allowed)
    {
        using TemporaryFolder models = new();
        await using SlipwayServer server = await SlipwayServer.StartAsync(Quiet(models), cancellationToken: TestContext.Current.CancellationToken);
        using HttpClient client = new() { BaseAddress = server.Addresses[listener] };

        using HttpResponseMessage answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), path), TestContext.Current.CancellationToken);

        Assert.Equal((status, allowed), ((int)answer.StatusCode, string.Join(',', answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_server_that_is_disposed_without_being_stopped_ends_at_once_although_a_connection_is_open()
    {
        using TemporaryFolder models = new();
        SlipwayServer server = await SlipwayServer.StartAsync(Quiet(models), cancellationToken: TestContext.Current.CancellationToken);
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", server.Addresses["http"].Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("GET /v2/health/live HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(await client.GetStream().ReadAsync(new byte[512], TestContext.Current.CancellationToken) > 0);

        await server.DisposeAsync();
    }

    private static ServerOptions Quiet(TemporaryFolder models)
    {
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = models.Root;
        options.Logging.Level = LogLevel.None;
        return options;
    }
}
