using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

public sealed partial class SecurityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_first_start_shows_one_key_and_from_there_on_everything_goes_by_keys()
    {
        _folder.Write("models/m/1/model.onnx", OnnxModels.Add(1));
        string config = _folder.Write("slipway.yaml", "security: { authentication: required }\n");
        string[] args = ["--models", _folder.PathOf("models"), "--config", config, "--data", _folder.PathOf("data")];
        string bootstrap;
        string made;
        await using (SlipwayProcess server = await SlipwayProcess.ServeAsync(args))
        {
            bootstrap = Assert.Single(Key().Matches(server.Errors)).Value;
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(server.Http, null));
            Assert.Equal(HttpStatusCode.OK, await GetAsync(server.Http, bootstrap));

            (int code, string output, string errors) = await SlipwayProcess.RunAsync(
                ["key", "create", "ci", "--role", "predictor:m", "--expires", "1h", "--url", server.Admin.ToString()], [("SLIPWAY_TOKEN", bootstrap)]);
            Assert.True(code == 0, errors);
            made = output.Trim();
            Assert.Matches(Key(), made);
            Assert.Equal(HttpStatusCode.OK, await GetAsync(server.Http, made));

            (code, _, errors) = await SlipwayProcess.RunAsync(["key", "list", "--url", server.Admin.ToString()], [("SLIPWAY_TOKEN", made)]);
            Assert.Equal(1, code);
            Assert.Contains("manageAccess", errors, StringComparison.Ordinal);

            string file = _folder.Write("token", bootstrap + "\n");
            (code, output, errors) = await SlipwayProcess.RunAsync("key", "revoke", "ci", "--token-file", file, "--url", server.Admin.ToString());
            Assert.True(code == 0, errors);
            Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(server.Http, made));
            Assert.DoesNotContain(made[21..], server.Errors, StringComparison.Ordinal);
        }

        await using SlipwayProcess again = await SlipwayProcess.ServeAsync(args);
        Assert.Empty(Key().Matches(again.Errors));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(again.Http, bootstrap));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(again.Http, made));

        (int offline, string rescue, string fault) = await SlipwayProcess.RunAsync("key", "create", "rescue", "--role", "admin", "--data", _folder.PathOf("data"));
        Assert.True(offline == 0, fault);
        HttpStatusCode status = HttpStatusCode.Unauthorized;
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (status != HttpStatusCode.OK && !patience.IsCancellationRequested)
        {
            status = await GetAsync(again.Http, rescue.Trim());
        }

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task A_listener_with_TLS_and_authentication_may_be_reached_from_other_machines()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string cert = _folder.Write("cert.pem", certificate.ExportCertificatePem());
        string pem = _folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        string listener = $$"""listeners: { http: { address: "0.0.0.0:0", tls: { certificate: "{{cert}}", key: "{{pem}}" } } }""";

        string half = _folder.Write("half.yaml", listener + "\n");
        (int code, _, string errors) = await SlipwayProcess.RunAsync("serve", "--config", half, "--http", "0.0.0.0:0");
        Assert.Equal(2, code);
        Assert.Contains("security.authentication: required", errors, StringComparison.Ordinal);

        string whole = _folder.Write("whole.yaml", listener + "\nsecurity: { authentication: required }\n");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--config", whole, "--http", "0.0.0.0:0");
        Assert.DoesNotContain("insecure", server.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_path_can_not_forge_a_line_of_the_log()
    {
        string config = _folder.Write("slipway.yaml", "logging: { access: true, mask: [email] }\n");
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--config", config);
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(new Uri(server.Http, "/v2/models/a%0d%0a12:00:00.000%20info:%20forged%1b[31m%7falice@example.com"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!server.Errors.Contains("forged", StringComparison.Ordinal) && !patience.IsCancellationRequested)
        {
            await Task.Yield();
        }

        string line = Assert.Single(server.Errors.Split('\n'), static line => line.Contains("forged", StringComparison.Ordinal)).TrimEnd('\r');
        Assert.Contains(" info: Slipway.Server.Logging.AccessLog[9901] GET /v2/models/a\\u000d", line.Replace("a 12", "a\\u000d12", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.DoesNotContain("alice", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security: { tokens: [{ issuer: \"https://x\", audiences: [a], roles: { g: [viewer] } }] }", "security.tokens: it has no effect")]
    [InlineData("security: { authentication: required, apiKeys: false }", "security.apiKeys")]
    [InlineData("security: { authentication: required, tokens: [{ issuer: \"http://x\", audiences: [a], roles: { g: [viewer] } }] }", "https")]
    [InlineData("security: { authentication: required, tokens: [{ issuer: \"https://x\", roles: { g: [viewer] } }] }", "audiences")]
    [InlineData("security: { authentication: required, tokens: [{ issuer: \"https://x\", audiences: [a], roles: { g: [boss] } }] }", "'boss'")]
    [InlineData("security: { authentication: required, certificates: [{ roles: [viewer] }] }", "commonName")]
    [InlineData("security: { authentication: required, limits: [{ requests: many }] }", "100/s")]
    [InlineData("security: { authentication: required, limits: [{ callers: x }] }", "requests, rows or bytes")]
    [InlineData("security: { authentication: perhaps }", "none, required")]
    [InlineData("security: { roles: { lead: [fly] } }", "manageAccess")]
    [InlineData("security: { roles: { admin: [infer] } }", "exists already")]
    [InlineData("security: { autentication: required }", "authentication")]
    [InlineData("listeners: { http: { address: \"127.0.0.1:0\", tls: { certificate: a.pem, key: b.pem, password: hunter2 } } }", "secrets don't stand in configuration files")]
    [InlineData("listeners: { http: { address: \"127.0.0.1:0\", tls: { certificate: a.pem, key: b.pem, clients: require } } }", "clientAuthorities")]
    [InlineData("logging: { mask: [names] }", "nationalId")]
    public async Task A_wrong_setting_is_named_and_nothing_starts(string yaml, string named)
    {
        (int code, string output, string errors) = await SlipwayProcess.RunAsync("serve", "--config", _folder.Write("slipway.yaml", yaml + "\n"));
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HttpStatusCode> GetAsync(Uri http, string? key)
    {
        using HttpClient client = new();
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage answer = await client.GetAsync(new Uri(http, "/v2/models/m"));
        return answer.StatusCode;
    }

    [GeneratedRegex("slw_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
