using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Security.Keys;

namespace Slipway.Security.Tests.Hosting;

public sealed class CredentialTests
{
    private const string Body = """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""";

    [Fact]
    public async Task Without_a_key_401_with_one_200()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient anonymous = server.Client("http");
        using HttpResponseMessage refused = await PredictAsync(anonymous, "credit");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer realm=\"slipway\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.Contains("Authorization: Bearer", await ErrorOf(refused), StringComparison.Ordinal);

        using HttpClient known = server.Client("http", server.KeyFor("predictor"));
        using HttpResponseMessage answered = await PredictAsync(known, "credit");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task A_key_is_good_as_the_password_of_Basic_too()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient client = server.Client("http");
        client.DefaultRequestHeaders.Authorization = Basic("anybody:" + server.KeyFor("predictor"));
        using HttpResponseMessage answered = await PredictAsync(client, "credit");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);

        foreach (AuthenticationHeaderValue wrong in (AuthenticationHeaderValue[])[Basic("admin:admin"), Basic("admin:"), Basic("admin"), new("Basic", "%%%"), new("Basic"), new("Digest", "x"), new("Bearer"), new("Bearer", "slw_x")])
        {
            client.DefaultRequestHeaders.Authorization = wrong;
            using HttpResponseMessage refused = await PredictAsync(client, "credit");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Contains("error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_Authorization_headers_are_none()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient client = server.Client("http");
        using HttpRequestMessage request = new(HttpMethod.Get, "/v2/models");
        string key = server.KeyFor("viewer");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer " + key, "Bearer " + key]);
        using HttpResponseMessage refused = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_key_for_some_models_predicts_with_those_and_lists_those()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient client = server.Client("http", server.KeyFor("predictor:fraud-*"));
        using HttpResponseMessage own = await PredictAsync(client, "fraud-eu");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using HttpResponseMessage other = await PredictAsync(client, "credit");
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        string denial = await ErrorOf(other);
        using HttpResponseMessage missing = await PredictAsync(client, "nothing");
        Assert.Equal(HttpStatusCode.Forbidden, missing.StatusCode);
        Assert.Equal(denial.Replace("credit", "nothing", StringComparison.Ordinal), await ErrorOf(missing));
        using HttpResponseMessage malformed = await client.PostAsync("/v2/models/credit/infer", new StringContent("{"));
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        Assert.Equal("""{"models":["fraud-eu"]}""", await client.GetStringAsync("/v2/models"));
        AuditEvent entry = Assert.Single(server.Audit.Events, static entry => entry.Subject == new AuditSubject("model", "credit"));
        Assert.Equal(("access.denied", AuditOutcome.Denied), (entry.Action, entry.Outcome));
        Assert.StartsWith("key/test-", entry.Actor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_by_the_next_request()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        string key = server.KeyFor("predictor");
        using HttpClient client = server.Client("http", key);
        using HttpResponseMessage before = await PredictAsync(client, "credit");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        server.Server.Services.GetRequiredService<ApiKeys>().Revoke(key.Substring(4, 16));
        using HttpResponseMessage after = await PredictAsync(client, "credit");
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task A_probe_works_whatever_credentials_it_brings()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient client = server.Client("http", "slw_nonsense");
        using HttpResponseMessage probe = await client.GetAsync("/v2/health/ready");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public async Task Each_protocol_refuses_in_its_own_words()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient http = server.Client("http");
        using HttpResponseMessage invocation = await http.PostAsync("/invocations", new StringContent("1,2"));
        JsonElement invocationBody = JsonDocument.Parse(await invocation.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("UNAUTHENTICATED", invocationBody.GetProperty("error_code").GetString());

        using HttpClient admin = server.Client("admin");
        using HttpResponseMessage management = await admin.GetAsync("/api/v1/models");
        Assert.Equal("application/problem+json", management.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Unauthenticated", JsonDocument.Parse(await management.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
    }

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private static Task<HttpResponseMessage> PredictAsync(HttpClient client, string model) => client.PostAsync($"/v2/models/{model}/infer", new StringContent(Body));

    private static async Task<string> ErrorOf(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString()!;
}
