using Slipway.Core;
using Slipway.Security.Identity;
using Slipway.Security.Keys;
using Slipway.Security.Policies;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.Security.Tests.Keys;

public sealed class ApiKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ApiKeys _keys;

    public ApiKeysTests()
    {
        _keys = Open();
    }

    [Fact]
    public void A_key_is_recognised_with_its_name_and_roles()
    {
        NewApiKey created = _keys.Create("ci", ["predictor:fraud-*"], null, "key/admin");
        CallerIdentity? caller = _keys.Verify(created.Key, out _);
        Assert.NotNull(caller);
        Assert.Equal("key/ci", caller.Name);
        Assert.True(caller.May(Permission.Infer, "fraud-eu"));
        Assert.Equal(64, created.Key.Length);
    }

    [Fact]
    public void The_store_holds_no_key_and_only_its_owner_reads_it()
    {
        NewApiKey created = _keys.Create("ci", ["viewer"], null, "key/admin");
        string file = _folder.PathOf("access/keys.json");
        string content = File.ReadAllText(file);
        Assert.DoesNotContain(created.Key[21..], content, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Key, created.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void A_revoked_key_is_of_no_use_at_once_and_is_remembered()
    {
        NewApiKey created = _keys.Create("ci", ["viewer"], null, "key/admin");
        Assert.NotNull(_keys.Verify(created.Key, out _));
        _keys.Revoke("ci");
        Assert.Null(_keys.Verify(created.Key, out string reason));
        Assert.Equal("the API key was revoked", reason);
        Assert.NotNull(Assert.Single(_keys.List()).Revoked);
    }

    [Fact]
    public void A_key_that_another_process_revoked_is_of_no_use_a_second_later()
    {
        NewApiKey created = _keys.Create("ci", ["viewer"], null, "key/admin");
        Assert.NotNull(_keys.Verify(created.Key, out _));
        Open().Revoke(created.Record.Id);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_keys.Verify(created.Key, out _));
    }

    [Fact]
    public void A_key_ends_at_its_time()
    {
        NewApiKey created = _keys.Create("ci", ["viewer"], _time.GetUtcNow().AddHours(1), "key/admin");
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(_keys.Verify(created.Key, out _));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_keys.Verify(created.Key, out string reason));
        Assert.Equal("the API key has expired", reason);
    }

    [Fact]
    public void Without_the_secret_nothing_is_told_of_a_key()
    {
        NewApiKey created = _keys.Create("ci", ["viewer"], null, "key/admin");
        _keys.Revoke("ci");
        string[] wrong =
        [
            created.Key[..^1] + (created.Key[^1] == 'A' ? 'B' : 'A'), created.Key[..21] + new string('A', 43), "slw_", "slw_" + new string('0', 60), created.Key + "x", created.Key[..^1] + "é",
            created.Record.Id, created.Record.Hash, "",
        ];
        foreach (string text in wrong)
        {
            Assert.Null(_keys.Verify(text, out string reason));
            Assert.Equal("the API key is not valid", reason);
        }
    }

    [Fact]
    public void Keys_survive_a_restart()
    {
        NewApiKey created = _keys.Create("ci", ["viewer"], null, "key/admin");
        Assert.NotNull(Open().Verify(created.Key, out _));
    }

    [Fact]
    public void Two_valid_keys_can_not_have_one_name_but_a_new_one_may_follow_a_revoked()
    {
        _keys.Create("ci", ["viewer"], null, "key/admin");
        Assert.Equal(ErrorCode.AlreadyExists, Assert.Throws<SlipwayException>(() => _keys.Create("ci", ["viewer"], null, "key/admin")).Code);
        _keys.Revoke("ci");
        _keys.Create("ci", ["viewer"], null, "key/admin");
        Assert.Equal(2, _keys.List().Count);
    }

    [Theory]
    [InlineData("", "viewer")]
    [InlineData("a b", "viewer")]
    [InlineData("../x", "viewer")]
    [InlineData("a\nb", "viewer")]
    [InlineData("ok", "nobody")]
    public void Bad_names_and_roles_are_refused(string name, string role) =>
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<SlipwayException>(() => _keys.Create(name, [role], null, "key/admin")).Code);

    [Fact]
    public void A_key_without_roles_or_already_expired_is_refused()
    {
        Assert.Throws<SlipwayException>(() => _keys.Create("ci", [], null, "key/admin"));
        Assert.Throws<SlipwayException>(() => _keys.Create("ci", ["viewer"], _time.GetUtcNow(), "key/admin"));
    }

    [Fact]
    public void The_first_key_is_made_once_even_if_it_was_revoked()
    {
        NewApiKey first = Assert.IsType<NewApiKey>(_keys.CreateFirst("bootstrap"));
        Assert.True(_keys.Verify(first.Key, out _)!.May(Permission.ManageAccess));
        Assert.Null(Open().CreateFirst("bootstrap"));
        _keys.Revoke("bootstrap");
        Assert.Null(Open().CreateFirst("bootstrap"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"format\":2,\"keys\":[]}")]
    [InlineData("{\"format\":1}")]
    [InlineData("[1,2]")]
    public void A_damaged_store_lets_nobody_in(string content)
    {
        _folder.Write("access/keys.json", content);
        Assert.Equal(ErrorCode.InvalidConfiguration, Assert.Throws<SlipwayException>(() => Open().Verify("slw_" + new string('a', 16) + "_" + new string('A', 43), out _)).Code);
    }

    [Fact]
    public async Task Changes_of_several_processes_at_once_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Open().Create($"k{i}", ["viewer"], null, "key/admin"))));
        Assert.Equal(16, Open().List().Count);
    }

    [Fact]
    public void Secrets_are_long_and_never_the_same()
    {
        string[] keys = [.. Enumerable.Range(0, 1000).Select(static _ => ApiKeyText.Create().Key)];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, static key => Assert.Equal(43, key[21..].Length));
    }

    public void Dispose() => _folder.Dispose();

    private ApiKeys Open() => new(new FileApiKeyStore(_folder.Root), new RoleSet([]), _time);
}
