using System.IO.Compression;
using System.Net;
using System.Text;
using Slipway.Security.Tests.Hosting;

namespace Slipway.Security.Tests.Attacks;

/// <summary>Bodies and headers larger, deeper or more than anybody needs.</summary>
public sealed class OversizeTests
{
    private static readonly string[] Predictions = ["/v2/models/fraud-eu/infer", "/v1/models/fraud-eu:predict", "/invocations", "/models/fraud-eu/invoke"];

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read_and_while_it_is_read()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options =>
        {
            options.Limits.MaxRequestBytes = 64 << 10;
            options.Protocols.SageMakerModel = "fraud-eu";
        });
        string key = server.KeyFor("admin");
        foreach (string path in Predictions)
        {
            string announced = await RawConnection.SendAsync(
                server.Server.Addresses["http"],
                $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 10000000000\r\nConnection: close\r\n\r\n");
            Assert.Equal("413", string.Join(",", RawConnection.StatusesOf(announced)));

            using HttpClient client = server.Client("http", key);
            using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent("[" + new string(' ', 200_000), Encoding.UTF8, "application/json") };
            request.Headers.TransferEncodingChunked = true;
            using HttpResponseMessage answer = await client.SendAsync(request);
            Assert.Equal((path, HttpStatusCode.RequestEntityTooLarge), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_small_body_that_unpacks_to_a_large_one_is_refused()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using MemoryStream packed = new();
        await using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] blanks = new byte[1 << 20];
            Array.Fill(blanks, (byte)' ');
            for (int i = 0; i < 300; i++)
            {
                await gzip.WriteAsync(blanks);
            }
        }

        using HttpClient client = server.Client("http", server.KeyFor("admin"));
        using HttpRequestMessage request = new(HttpMethod.Post, Predictions[0]) { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.Add("Content-Encoding", "gzip");
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[{\"parameters\":", "}]")]
    public async Task A_deep_body_is_refused_wherever_json_is_read(string open, string close)
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options => options.Protocols.SageMakerModel = "fraud-eu");
        string key = server.KeyFor("admin");
        string deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
        (string Listener, string Path)[] places =
        [
            .. Predictions.Select(static path => ("http", path)), ("http", "/v2/repository/index"), ("http", "/v2/repository/models/fraud-eu/load"), ("http", "/models"), ("admin", "/api/v1/keys"),
        ];
        foreach ((string listener, string path) in places)
        {
            using HttpClient client = server.Client(listener, key);
            using HttpResponseMessage answer = await client.PostAsync(path, new StringContent(deep, Encoding.UTF8, "application/json"));
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, $"{path}: {answer.StatusCode}");
        }

        using HttpClient after = server.Client("http", key);
        Assert.Equal(HttpStatusCode.OK, (await after.GetAsync("/v2/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Long_paths_and_many_or_long_headers_are_refused()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        Uri http = server.Server.Addresses["http"];
        string tail = "\r\nHost: localhost\r\nConnection: close\r\n";
        Assert.Equal("414", string.Join(",", RawConnection.StatusesOf(await RawConnection.SendAsync(http, $"GET /{new string('a', 9000)} HTTP/1.1{tail}\r\n"))));
        Assert.Equal("431", string.Join(",", RawConnection.StatusesOf(await RawConnection.SendAsync(http, $"GET /v2 HTTP/1.1{tail}X: {new string('a', 40_000)}\r\n\r\n"))));
        string many = string.Concat(Enumerable.Range(0, 150).Select(static i => $"X-{i}: 1\r\n"));
        Assert.Equal("431", string.Join(",", RawConnection.StatusesOf(await RawConnection.SendAsync(http, $"GET /v2 HTTP/1.1{tail}{many}\r\n"))));
        string token = await RawConnection.SendAsync(http, $"GET /v2 HTTP/1.1{tail}Authorization: Bearer {new string('a', 20_000)}\r\n\r\n");
        Assert.Equal("401", string.Join(",", RawConnection.StatusesOf(token)));
    }
}
