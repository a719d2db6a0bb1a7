using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Server.Hosting;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Server.Tests.Listeners;

/// <summary>Both listeners of the data plane answer both versions of HTTP in clear.</summary>
public sealed class SpokenVersionTests : IDisposable
{
    private readonly TemporaryFolder _models = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("http", "1.1")]
    [InlineData("http", "2.0")]
    [InlineData("grpc", "1.1")]
    [InlineData("grpc", "2.0")]
    public async Task Data_listeners_answer_either_version(string listener, string version)
    {
        await using SlipwayServer server = await StartAsync();
        using HttpClient client = new() { BaseAddress = server.Addresses[listener] };
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage answer = await client.SendAsync(Get("/v2/health/live", version), Token);
            Assert.Equal((HttpStatusCode.OK, new Version(version)), (answer.StatusCode, answer.Version));
            Assert.Equal("""{"live":true}""", await answer.Content.ReadAsStringAsync(Token));
        }

        // What belongs to the control plane stays there, whichever version asks.
        using HttpResponseMessage metrics = await client.SendAsync(Get("/metrics", version), Token);
        Assert.Equal(HttpStatusCode.NotFound, metrics.StatusCode);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task Calls_of_gRPC_are_answered_on_both_data_listeners(string listener)
    {
        await using SlipwayServer server = await StartAsync();
        using HttpClient client = new() { BaseAddress = server.Addresses[listener] };
        HttpRequestMessage call = new(HttpMethod.Post, "/inference.GRPCInferenceService/ServerLive")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        call.Content.Headers.ContentType = new("application/grpc");
        using HttpResponseMessage answer = await client.SendAsync(call, Token);
        Assert.Equal([0, 0, 0, 0, 2, 8, 1], await answer.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("P")]
    [InlineData("PR")]
    public async Task First_bytes_may_come_one_by_one(string begin)
    {
        await using SlipwayServer server = await StartAsync();
        foreach (string listener in (string[])["http", "grpc"])
        {
            using TcpClient client = await ConnectAsync(server, listener);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begin), Token);
            await client.GetStream().FlushAsync(Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("PROPFIND /v2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"[begin.Length..]), Token);
            using StreamReader reader = new(client.GetStream());
            Assert.StartsWith("HTTP/1.1 405", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Silent_connections_do_not_hold_up_the_end_of_the_server()
    {
        SlipwayServer server = await StartAsync();
        using TcpClient silent = await ConnectAsync(server, "http");
        using TcpClient hesitating = await ConnectAsync(server, "grpc");
        await hesitating.GetStream().WriteAsync("PR"u8.ToArray(), Token);
        using TcpClient handed = await ConnectAsync(server, "http");
        await handed.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), Token);
        Assert.True(await handed.GetStream().ReadAsync(new byte[9], Token) > 0);

        await server.StopAsync(Token);
        await server.DisposeAsync();

        foreach (TcpClient client in (TcpClient[])[silent, hesitating])
        {
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Token));
        }
    }

    private static HttpRequestMessage Get(string path, string version) => new(HttpMethod.Get, path)
    {
        Version = new Version(version),
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<TcpClient> ConnectAsync(SlipwayServer server, string listener)
    {
        TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", server.Addresses[listener].Port, Token);
        return client;
    }

    private Task<SlipwayServer> StartAsync()
    {
        ServerOptions options = new();
        options.Listeners.Http.Address = options.Listeners.Grpc.Address = options.Listeners.Admin.Address = "127.0.0.1:0";
        options.Models.Path = _models.Root;
        options.Logging.Level = LogLevel.None;
        return SlipwayServer.StartAsync(options, cancellationToken: Token);
    }
}
