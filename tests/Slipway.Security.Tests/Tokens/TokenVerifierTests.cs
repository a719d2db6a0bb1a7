using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Security.Authentication;
using Slipway.Security.Identity;
using Slipway.Security.Policies;
using Slipway.Security.Tokens;
using Slipway.TestKit.Fakes;

namespace Slipway.Security.Tests.Tokens;

public sealed class TokenVerifierTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Provider _provider = new();

    private DateTimeOffset Now => _time.GetUtcNow();

    [Theory]
    [InlineData("RS256", "rsa")]
    [InlineData("RS384", "rsa")]
    [InlineData("RS512", "rsa")]
    [InlineData("PS256", "rsa")]
    [InlineData("PS512", "rsa")]
    [InlineData("ES256", "ec")]
    public async Task A_signed_token_says_who_calls_and_what_they_may(string algorithm, string key)
    {
        CallerIdentity caller = await AcceptAsync(_provider.Sign(Provider.Claims(Now), algorithm, key));
        Assert.Equal("user/alice", caller.Name);
        Assert.True(caller.May(Permission.Infer, "fraud-eu"));
        Assert.False(caller.May(Permission.Infer, "credit"));
        Assert.True(caller.May(Permission.ReadModels, "credit"));
        Assert.Equal("alice", caller.Principal.FindFirst("sub")?.Value);
    }

    [Fact]
    public async Task Larger_curves_are_taken_with_their_own_algorithm()
    {
        _provider.Add("p384", ECDsa.Create(ECCurve.NamedCurves.nistP384));
        _provider.Add("p521", ECDsa.Create(ECCurve.NamedCurves.nistP521));
        await AcceptAsync(_provider.Sign(Provider.Claims(Now), "ES384", "p384"));
        await AcceptAsync(_provider.Sign(Provider.Claims(Now), "ES512", "p521"));
        await RefuseAsync("unknown key", _provider.Sign(Provider.Claims(Now), "ES256", "p384"));
    }

    [Fact]
    public async Task A_token_without_a_key_id_is_tried_with_the_keys_of_its_kind() => await AcceptAsync(_provider.Sign(Provider.Claims(Now), "ES256", key: null));

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("dir")]
    [InlineData("RSA1_5")]
    [InlineData("ES256K")]
    [InlineData("EdDSA")]
    [InlineData("rs256")]
    public async Task An_algorithm_that_is_not_taken_is_refused_with_and_without_a_signature(string algorithm)
    {
        string head = Provider.Part($$"""{"alg":"{{algorithm}}","kid":"rsa"}""") + "." + Provider.Part(Provider.Claims(Now).ToJsonString());
        await RefuseAsync("accepted algorithm", head + ".");
        await RefuseAsync("accepted algorithm", head + "." + Provider.Part("signature"));
    }

    [Fact]
    public async Task The_public_key_is_no_secret_to_sign_with()
    {
        string head = Provider.Part("""{"alg":"HS256","kid":"rsa"}""") + "." + Provider.Part(Provider.Claims(Now).ToJsonString());
        foreach (byte[] secret in (byte[][])[Encoding.ASCII.GetBytes(_provider.Rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(_provider.Rsa.ExportRSAPublicKeyPem()), _provider.Rsa.ExportSubjectPublicKeyInfo(), _provider.Rsa.ExportParameters(false).Modulus!])
        {
            await RefuseAsync("accepted algorithm", head + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(head))));
        }
    }

    [Fact]
    public async Task Every_changed_bit_of_a_token_makes_it_worthless()
    {
        string token = _provider.Sign(Provider.Claims(Now));
        await AcceptAsync(token);
        Random random = new(42);
        for (int i = 0; i < 200; i++)
        {
            char[] changed = token.ToCharArray();
            int at = random.Next(changed.Length);
            changed[at] = changed[at] == 'A' ? 'B' : 'A';

            // The last character of a part may hold bits that no byte needs.
            if (at == token.Length - 1 || token[at + 1] == '.')
            {
                continue;
            }

            AuthenticationResult result = await Verifier().VerifyAsync(new string(changed), default);
            Assert.NotNull(result.Refusal);
        }
    }

    [Theory]
    [InlineData("aud", "\"other\"", "another audience")]
    [InlineData("aud", "[\"other\",\"else\"]", "another audience")]
    [InlineData("aud", "null", "another audience")]
    [InlineData("aud", "{\"slipway\":1}", "another audience")]
    [InlineData("iss", "\"https://evil.example\"", "unknown issuer")]
    [InlineData("iss", "\"https://id.example/realms/ops/\"", "unknown issuer")]
    [InlineData("iss", "[\"https://id.example/realms/ops\"]", "unknown issuer")]
    [InlineData("exp", "null", "when it expires")]
    [InlineData("exp", "\"9999999999\"", "when it expires")]
    [InlineData("exp", "1e300", "when it expires")]
    [InlineData("exp", "-1", "when it expires")]
    [InlineData("nbf", "\"soon\"", "not numbers")]
    [InlineData("iat", "1e300", "not numbers")]
    [InlineData("sub", "\"\"", "no name")]
    [InlineData("sub", "7", "no name")]
    [InlineData("sub", "\"a\\nb\"", "no name")]
    public async Task A_claim_that_is_wrong_is_named(string claim, string json, string reason)
    {
        JsonObject claims = Provider.Claims(Now);
        claims[claim] = JsonNode.Parse(json);
        await RefuseAsync(reason, _provider.Sign(claims));
    }

    [Fact]
    public async Task A_missing_expiry_or_audience_is_refused()
    {
        foreach (string claim in (string[])["exp", "aud", "iss"])
        {
            JsonObject claims = Provider.Claims(Now);
            claims.Remove(claim);
            await RefuseAsync("", _provider.Sign(claims));
        }
    }

    [Theory]
    [InlineData(-61, 0, "expired")]
    [InlineData(-59, 0, null)]
    [InlineData(3600, 61, "not valid yet")]
    [InlineData(3600, 59, null)]
    public async Task Clocks_may_differ_by_a_minute(int expires, int issued, string? reason)
    {
        foreach (string claim in (string[])["iat", "nbf"])
        {
            JsonObject claims = Provider.Claims(Now);
            claims["exp"] = Now.ToUnixTimeSeconds() + expires;
            claims[claim] = Now.ToUnixTimeSeconds() + issued;
            string token = _provider.Sign(claims);
            if (reason is null)
            {
                await AcceptAsync(token);
            }
            else
            {
                await RefuseAsync(reason, token);
            }
        }
    }

    [Fact]
    public async Task A_remembered_token_ends_with_its_expiry()
    {
        using TokenVerifier verifier = Verifier();
        JsonObject claims = Provider.Claims(Now);
        claims["exp"] = Now.AddMinutes(1).ToUnixTimeSeconds();
        string token = _provider.Sign(claims);
        Assert.Null((await verifier.VerifyAsync(token, default)).Refusal);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Null((await verifier.VerifyAsync(token, default)).Refusal);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("the token has expired", (await verifier.VerifyAsync(token, default)).Refusal);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("file:///dev/null")]
    [InlineData("https://evil.example/keys")]
    [InlineData("' OR 1=1 --")]
    [InlineData("| cat /etc/passwd")]
    public async Task A_key_id_is_only_compared(string id)
    {
        await RefuseAsync("unknown key", _provider.Sign(Provider.Claims(Now), header: new JsonObject { ["alg"] = "RS256", ["kid"] = id }.ToJsonString()));
        Assert.All(_provider.Fetched, static address => Assert.Equal("id.example", address.Host));
    }

    [Theory]
    [InlineData("jku", "\"https://evil.example/keys\"")]
    [InlineData("x5u", "\"https://evil.example/cert\"")]
    [InlineData("jwk", "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}")]
    public async Task Keys_that_a_token_brings_along_are_not_used(string header, string value)
    {
        using RSA forger = RSA.Create(2048);
        string head = Provider.Part($$"""{"alg":"RS256","kid":"rsa","{{header}}":{{value}}}""") + "." + Provider.Part(Provider.Claims(Now).ToJsonString());
        string signature = Base64Url.EncodeToString(forger.SignData(Encoding.ASCII.GetBytes(head), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        await RefuseAsync("signature is wrong", head + "." + signature);
        Assert.All(_provider.Fetched, static address => Assert.Equal("id.example", address.Host));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("a.b.c.d.e")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    public async Task Nonsense_is_refused(string token) => await RefuseAsync("", token);

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"rsa","crit":["exp"]}""")]
    [InlineData("""{"alg":"none","alg":"RS256","kid":"rsa"}""")]
    [InlineData("""{"alg":["RS256"],"kid":"rsa"}""")]
    [InlineData("""["RS256"]""")]
    [InlineData("\"RS256\"")]
    [InlineData("{}")]
    public async Task A_strange_header_is_refused(string header) => await RefuseAsync("", _provider.Sign(Provider.Claims(Now), header: header));

    [Fact]
    public async Task A_claim_that_is_there_twice_is_refused()
    {
        string payload = Provider.Claims(Now).ToJsonString().Insert(1, "\"sub\":\"root\",");
        string head = Provider.Part("""{"alg":"RS256","kid":"rsa"}""") + "." + Provider.Part(payload);
        string signature = Base64Url.EncodeToString(_provider.Rsa.SignData(Encoding.ASCII.GetBytes(head), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        await RefuseAsync("", head + "." + signature);
    }

    [Fact]
    public async Task A_short_or_symmetric_key_of_the_provider_is_not_used()
    {
        _provider.Add("short", RSA.Create(1024));
        await RefuseAsync("unknown key", _provider.Sign(Provider.Claims(Now), key: "short"));
    }

    [Fact]
    public async Task New_keys_are_found_at_once_and_withdrawn_ones_forgotten()
    {
        using TokenVerifier verifier = Verifier();
        string old = _provider.Sign(Provider.Claims(Now));
        Assert.Null((await verifier.VerifyAsync(old, default)).Refusal);
        _time.Advance(TimeSpan.FromMinutes(1));

        _provider.Add("next", RSA.Create(2048));
        _provider.Remove("rsa");
        Assert.Null((await verifier.VerifyAsync(_provider.Sign(Provider.Claims(Now), key: "next"), default)).Refusal);
        Assert.Equal("the token is signed by an unknown key", (await verifier.VerifyAsync(old, default)).Refusal);
    }

    [Fact]
    public async Task Forged_key_ids_make_no_load_for_the_provider()
    {
        using TokenVerifier verifier = Verifier();
        for (int i = 0; i < 100; i++)
        {
            await verifier.VerifyAsync(_provider.Sign(Provider.Claims(Now), header: $$"""{"alg":"RS256","kid":"forged-{{i}}"}"""), default);
        }

        Assert.True(_provider.Fetched.Count <= 4, $"{_provider.Fetched.Count} fetches");
    }

    [Fact]
    public async Task While_the_provider_is_away_known_keys_stay_good_for_a_day()
    {
        using TokenVerifier verifier = Verifier();
        Assert.Null((await verifier.VerifyAsync(_provider.Sign(Provider.Claims(Now)), default)).Refusal);
        _provider.IsAway = true;
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Null((await verifier.VerifyAsync(_provider.Sign(Provider.Claims(Now)), default)).Refusal);
        _time.Advance(TimeSpan.FromHours(2));
        SlipwayException away = await Assert.ThrowsAsync<SlipwayException>(async () => await verifier.VerifyAsync(_provider.Sign(Provider.Claims(Now)), default));
        Assert.Equal(ErrorCode.ModelNotReady, away.Code);
        _provider.IsAway = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await verifier.VerifyAsync(_provider.Sign(Provider.Claims(Now)), default)).Refusal);
    }

    [Theory]
    [InlineData("https://evil.example", Provider.Issuer + "/keys")]
    [InlineData(Provider.Issuer, "http://id.example/keys")]
    [InlineData(Provider.Issuer, "file:///etc/passwd")]
    [InlineData(Provider.Issuer, "not an address")]
    public async Task A_configuration_that_can_not_be_trusted_gives_no_keys(string issuer, string keys)
    {
        (_provider.ClaimedIssuer, _provider.KeysAddress) = (issuer, keys);
        await Assert.ThrowsAsync<SlipwayException>(async () => await Verifier().VerifyAsync(_provider.Sign(Provider.Claims(Now)), default));
        Assert.DoesNotContain(_provider.Fetched, static address => address.Scheme != Uri.UriSchemeHttps);
    }

    [Fact]
    public async Task Groups_may_lie_in_an_object_or_in_a_text()
    {
        JsonObject nested = Provider.Claims(Now);
        nested["realm_access"] = new JsonObject { ["roles"] = new JsonArray("ml") };
        nested.Remove("groups");
        Assert.True((await AcceptAsync(_provider.Sign(nested), Described() with { GroupsClaim = "realm_access.roles" })).May(Permission.Infer, "fraud-1"));

        JsonObject text = Provider.Claims(Now);
        text["scope"] = "openid ml";
        Assert.True((await AcceptAsync(_provider.Sign(text), Described() with { GroupsClaim = "scope" })).May(Permission.Infer, "fraud-1"));
    }

    private static TokenIssuer Described() => new()
    {
        Issuer = Provider.Issuer,
        Audiences = ["slipway"],
        Roles = new Dictionary<string, IReadOnlyList<string>> { ["ml"] = ["predictor:fraud-*"], ["*"] = ["viewer"] },
    };

    private TokenVerifier Verifier(TokenIssuer? issuer = null) => new([issuer ?? Described()], new RoleSet([]), _provider, _time, NullLogger<TokenVerifier>.Instance);

    private async Task<CallerIdentity> AcceptAsync(string token, TokenIssuer? issuer = null)
    {
        AuthenticationResult result = await Verifier(issuer).VerifyAsync(token, default);
        Assert.Null(result.Refusal);
        return result.Caller;
    }

    private async Task RefuseAsync(string reason, string token)
    {
        AuthenticationResult result = await Verifier().VerifyAsync(token, default);
        Assert.NotNull(result.Refusal);
        Assert.Contains(reason, result.Refusal, StringComparison.Ordinal);
        Assert.Equal(CallerKind.Anonymous, result.Caller.Kind);
    }
}
