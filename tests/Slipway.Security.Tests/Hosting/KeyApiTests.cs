using System.Net;
using System.Text;
using Slipway.Client;
using Slipway.Client.Access;
using Slipway.Core;
using Slipway.Security.Policies;
using Slipway.Server.Management;
using Slipway.TestKit;

namespace Slipway.Security.Tests.Hosting;

public sealed class KeyApiTests
{
    [Fact]
    public async Task Keys_are_made_listed_and_revoked_over_the_control_plane_and_it_is_recorded()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using AccessClient admin = Connect(server, server.KeyFor("admin"));
        CreatedApiKey created = await admin.CreateKeyAsync(new CreateApiKey("ci", ["predictor:fraud-*"], DateTimeOffset.UtcNow.AddDays(1)));
        using AccessClient ci = Connect(server, created.Key);
        CallerDescription caller = await ci.WhoAmIAsync();
        Assert.Equal(("key/ci", "key"), (caller.Name, caller.Kind));
        Assert.Equal(["predictor:fraud-*"], caller.Roles);
        Assert.Contains(await admin.ListKeysAsync(), key => key.Id == created.Description.Id && key.Expires is not null);

        await admin.RevokeKeyAsync("ci");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<SlipwayClientException>(() => ci.WhoAmIAsync())).Status);
        Assert.Equal(
            ["key.create", "key.revoke"],
            server.Audit.Events.Where(entry => entry.Subject == new AuditSubject("key", created.Description.Id)).Select(static entry => entry.Action));
        Assert.DoesNotContain(server.Audit.Events, entry => entry.ToString().Contains(created.Key[21..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_hands_on_no_more_than_it_has()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options =>
            options.Security.Roles = [new Role("team-lead", PermissionSet.Of(Permission.ManageAccess, Permission.Infer, Permission.ReadModels))]);
        using AccessClient lead = Connect(server, server.KeyFor("team-lead"));
        await lead.CreateKeyAsync(new CreateApiKey("member", ["predictor:fraud-*"]));
        foreach (string role in (string[])["admin", "operator", "viewer"])
        {
            SlipwayClientException refusal = await Assert.ThrowsAsync<SlipwayClientException>(() => lead.CreateKeyAsync(new CreateApiKey("more", [role])));
            Assert.Equal(HttpStatusCode.Forbidden, refusal.Status);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"name\":\"x\"}")]
    [InlineData("{\"name\":\"x\",\"roles\":[null]}")]
    [InlineData("{\"name\":\"x\",\"roles\":[]}")]
    [InlineData("{\"name\":\"x\",\"roles\":[\"nobody\"]}")]
    [InlineData("{\"name\":\"a b\",\"roles\":[\"viewer\"]}")]
    [InlineData("{\"name\":\"x\",\"roles\":[\"viewer\"],\"expires\":\"yesterday\"}")]
    [InlineData("{\"name\":\"x\",\"roles\":[\"viewer\"],\"expires\":\"2001-01-01T00:00:00Z\"}")]
    public async Task A_bad_wish_is_refused_in_one_clear_message(string body)
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using HttpClient client = server.Client("admin", server.KeyFor("admin"));
        using HttpResponseMessage answer = await client.PostAsync("/api/v1/keys", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_unknown_key_can_not_be_revoked()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        using AccessClient admin = Connect(server, server.KeyFor("admin"));
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<SlipwayClientException>(() => admin.RevokeKeyAsync("nobody"))).Status);
    }

    [Fact]
    public async Task Without_authentication_there_are_no_keys_and_everybody_is_anonymous()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options => options.Security.RequireAuthentication = false);
        using AccessClient client = Connect(server, null);
        Assert.Equal("anonymous", (await client.WhoAmIAsync()).Kind);
        Assert.Contains("security.authentication", (await Assert.ThrowsAsync<SlipwayClientException>(() => client.ListKeysAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_lets_its_owner_back_in()
    {
        using TemporaryFolder folder = new();
        OfflineKeys keys = OfflineKeys.Open(folder.Root, null, TimeProvider.System);
        CreatedApiKey created = keys.Create(new CreateApiKey("rescue", ["admin"]), AuditEvent.SystemActor);
        Assert.Equal(created.Description.Id, Assert.Single(keys.List()).Id);
        Assert.NotNull(keys.Revoke("rescue").Revoked);
    }

    private static AccessClient Connect(SecuredServer server, string? key) => new(server.Server.Addresses["admin"], key is null ? null : ClientHandler.Create(key));
}
