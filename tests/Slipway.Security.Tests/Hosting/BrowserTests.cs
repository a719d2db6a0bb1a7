using System.Net;

namespace Slipway.Security.Tests.Hosting;

public sealed class BrowserTests
{
    [Theory]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:80", HttpStatusCode.OK)]
    [InlineData("10.2.3.4:8090", HttpStatusCode.OK)]
    [InlineData("slipway.example", HttpStatusCode.OK)]
    [InlineData("SLIPWAY.example:8090", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("slipway.example.evil.example:8090", HttpStatusCode.Forbidden)]
    public async Task The_control_plane_answers_to_its_own_names_only(string host, HttpStatusCode status)
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient client = server.Client("admin");
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/models") { Headers = { Host = host } };
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("admin", "/api/v1/models/credit/load", null, null, HttpStatusCode.OK)]
    [InlineData("admin", "/api/v1/models/credit/load", "SELF", "same-origin", HttpStatusCode.OK)]
    [InlineData("admin", "/api/v1/models/credit/load", "https://ops.example", "cross-site", HttpStatusCode.OK)]
    [InlineData("admin", "/api/v1/models/credit/load", "https://evil.example", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("admin", "/api/v1/models/credit/load", "null", null, HttpStatusCode.Forbidden)]
    [InlineData("admin", "/api/v1/models/credit/load", "https://ops.example.evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("admin", "/api/v1/models/credit/load", "http://localhost:1", null, HttpStatusCode.Forbidden)]
    [InlineData("admin", "/api/v1/models/credit/load", null, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("admin", "/api/v1/models/credit/load", "file://", null, HttpStatusCode.Forbidden)]
    [InlineData("http", "/v2/repository/models/credit/load", "https://evil.example", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("http", "/v2/repository/models/credit/load", null, null, HttpStatusCode.OK)]
    public async Task A_page_from_elsewhere_changes_nothing(string listener, string path, string? origin, string? site, HttpStatusCode status)
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient client = server.Client(listener);
        using HttpRequestMessage request = new(HttpMethod.Post, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "SELF" ? client.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_name_that_was_rebound_changes_nothing_on_the_data_plane_either()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient client = server.Client("http");
        using HttpRequestMessage request = new(HttpMethod.Post, "/v2/repository/models/credit/unload") { Headers = { Host = "evil.example:8080" } };
        request.Headers.Add("Origin", "http://evil.example:8080");
        using HttpResponseMessage answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Answers_of_the_control_plane_tell_browsers_to_do_no_more_than_show_them()
    {
        await using SecuredServer server = await StartAsync();
        using HttpClient client = server.Client("admin");
        using HttpResponseMessage answer = await client.GetAsync("/api/v1/models");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task No_answer_lets_pages_of_other_origins_read_it()
    {
        await using SecuredServer server = await StartAsync();
        foreach ((string listener, string path) in ((string, string)[])[("http", "/v2/models"), ("http", "/v1/models/credit"), ("admin", "/api/v1/models"), ("admin", "/metrics")])
        {
            using HttpClient client = server.Client(listener);
            client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
            using HttpResponseMessage answer = await client.GetAsync(path);
            Assert.DoesNotContain(answer.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static Task<SecuredServer> StartAsync() => SecuredServer.StartAsync(static options =>
    {
        options.Security.RequireAuthentication = false;
        options.Security.AllowedHosts = ["slipway.example"];
        options.Security.AllowedOrigins = ["https://ops.example"];
    });
}
