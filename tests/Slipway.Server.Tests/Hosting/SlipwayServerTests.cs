using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
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

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_what_to_do()
    {
        using TemporaryFolder models = new();
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        ServerOptions options = Quiet(models);
        options.Listeners.Grpc.Address = other.LocalEndpoint.ToString()!;

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => SlipwayServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.FailedPrecondition, failure.Code);
        Assert.Equal($"can't listen on {other.LocalEndpoint}: another process has the port; choose another, or 0 for any that is free", failure.Message);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_refused_by_name()
    {
        using TemporaryFolder models = new();
        ServerOptions options = Quiet(models);
        options.Insecure = true;
        options.Listeners.Http.Address = "192.0.2.1:0";

        SlipwayException failure = await Assert.ThrowsAsync<SlipwayException>(() => SlipwayServer.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("can't listen on 192.0.2.1:0: this machine has no such address", failure.Message);
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_while_it_starts_ends_without_a_failure()
    {
        using TemporaryFolder models = new();
        using StringWriter output = new();

        await SlipwayServer.RunAsync(
            Quiet(models), output, static services => services.AddHostedService<StopsWhileStarting>(), TestContext.Current.CancellationToken);

        Assert.Equal("", output.ToString());
    }

    // What a signal does, at a moment when the host waits for a part to start.
    private sealed class StopsWhileStarting(IHostApplicationLifetime application) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            application.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
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
