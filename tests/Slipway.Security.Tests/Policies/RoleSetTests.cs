using Slipway.Core;
using Slipway.Security.Identity;
using Slipway.Security.Policies;
using Slipway.TestKit;

namespace Slipway.Security.Tests.Policies;

public sealed class RoleSetTests
{
    private static readonly RoleSet Roles = new([new Role("data-scientist", PermissionSet.Of(Permission.Infer, Permission.WriteRegistry))]);

    [Fact]
    public void A_grant_for_some_models_is_for_those_alone()
    {
        CallerIdentity caller = Caller("predictor:fraud-*");
        Assert.True(caller.May(Permission.Infer));
        Assert.True(caller.May(Permission.Infer, "fraud-eu"));
        Assert.False(caller.May(Permission.Infer, "credit"));
        Assert.False(caller.MayEverywhere(Permission.Infer));
        Assert.False(caller.May(Permission.ManageModels, "fraud-eu"));
    }

    [Fact]
    public void What_concerns_no_model_needs_a_grant_for_all()
    {
        Assert.False(Caller("admin:fraud-*").May(Permission.ManageAccess));
        Assert.False(Caller("operator:*-eu").May(Permission.ReadMetrics));
        Assert.True(Caller("operator").May(Permission.ReadMetrics));
        Assert.True(Caller("admin").May(Permission.ManageAccess));
    }

    [Fact]
    public void Only_an_administrator_gives_access() => Assert.Equal(
        ["admin"], BuiltInRoles.All.Where(static role => role.Permissions.Contains(Permission.ManageAccess)).Select(static role => role.Name));

    [Fact]
    public void A_custom_role_allows_what_it_lists()
    {
        CallerIdentity caller = Caller("data-scientist");
        Assert.True(caller.May(Permission.WriteRegistry));
        Assert.False(caller.May(Permission.ReadModels));
    }

    [Theory]
    [InlineData("superuser")]
    [InlineData("viewer:")]
    [InlineData("Viewer")]
    [InlineData("")]
    public void An_unknown_role_is_named_with_those_there_are(string text)
    {
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Roles.Parse([text]));
        Assert.Equal(ErrorCode.InvalidRequest, refusal.Code);
        Assert.Contains($"'{text}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("data-scientist", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_built_in_role_can_not_be_redefined() =>
        Assert.Contains("'admin'", Assert.Throws<SlipwayException>(() => new RoleSet([new Role("admin", default)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stored_role_that_is_no_more_grants_nothing() => Assert.Equal(["viewer"], Roles.ParseKnown(["gone", "viewer"]).Select(static grant => grant.ToString()));

    [Theory]
    [InlineData("admin", "admin", true)]
    [InlineData("admin", "viewer:x", true)]
    [InlineData("admin:fraud-*", "viewer:fraud-eu", true)]
    [InlineData("admin:fraud-*", "viewer", false)]
    [InlineData("viewer", "predictor", false)]
    public void A_caller_can_hand_on_what_it_has(string has, string gives, bool may) => Assert.Equal(may, Caller(has).Covers(Roles.Parse([gives])[0]));

    [Fact]
    public void The_documented_table_is_that_of_the_code()
    {
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));
        foreach (Role role in BuiltInRoles.All.Where(static role => role.Name != BuiltInRoles.Admin))
        {
            string permissions = string.Join(", ", role.Permissions.Members.Select(static permission => $"`{char.ToLowerInvariant(permission.ToString()[0])}{permission.ToString()[1..]}`"));
            Assert.Contains($"| `{role.Name}` | {permissions} |", guide, StringComparison.Ordinal);
        }
    }

    private static CallerIdentity Caller(string grant) => new("key/test", CallerKind.Key, Roles.Parse([grant]));
}
