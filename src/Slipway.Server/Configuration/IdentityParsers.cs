using Slipway.Inference.Configuration;
using Slipway.Security.Certificates;
using Slipway.Security.Policies;
using Slipway.Security.Tokens;

namespace Slipway.Server.Configuration;

/// <summary>The forms that identity providers and client certificates are described in.</summary>
internal static class IdentityParsers
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    /// <summary>A list of identity providers.</summary>
    public static bool Tokens(ConfigValue value, out IReadOnlyList<TokenIssuer> issuers)
    {
        List<TokenIssuer> read = [.. (value.AsList() ?? []).Select(Issuer).OfType<TokenIssuer>()];
        issuers = read;
        if (read.DistinctBy(static issuer => issuer.Issuer).Count() != read.Count)
        {
            value.Refuse("each issuer once is expected");
            return false;
        }

        return true;
    }

    /// <summary>A list of rules for client certificates.</summary>
    public static bool Certificates(ConfigValue value, out IReadOnlyList<CertificateRule> rules)
    {
        rules = [.. (value.AsList() ?? []).Select(Rule).OfType<CertificateRule>()];
        return true;
    }

    /// <summary>A pattern of names; null, with the fault reported, when it is none.</summary>
    public static ModelPattern? Pattern(ConfigValue value)
    {
        ModelPattern pattern = default;
        return value.AsText() is { } text && SecurityParsers.Accepted(value, () => pattern = ModelPattern.Parse(text)) ? pattern : null;
    }

    private static TokenIssuer? Issuer(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        string issuer = mapping.GetObject("issuer", static name => name.AsText(), "")!;
        IReadOnlyList<string> audiences = mapping.GetObject("audiences", Texts, [])!;
        TokenIssuer read = new()
        {
            Issuer = issuer,
            Audiences = audiences,
            KeysFile = mapping.GetObject("keysFile", static file => file.AsText(), null),
            KeysUrl = mapping.GetObject("keysUrl", Https, null),
            NameClaim = mapping.GetObject("nameClaim", static claim => claim.AsText(), "sub")!,
            GroupsClaim = mapping.GetObject("groupsClaim", static claim => claim.AsText(), "groups")!,
            ClockSkew = mapping.Get("clockSkew", static skew => skew.AsDuration(MostSkew), TimeSpan.FromSeconds(60)),
            Roles = mapping.GetObject("roles", RolesByGroup, new Dictionary<string, IReadOnlyList<string>>())!,
        };
        mapping.Finish();
        if (issuer.Length == 0 || audiences.Count == 0 || read.Roles.Count == 0)
        {
            value.Refuse("issuer, audiences and roles are expected");
        }
        else if (read.KeysFile is null && read.KeysUrl is null && !IsTrusted(issuer))
        {
            value.Refuse("an issuer with an https address, or keysFile or keysUrl, is expected");
        }

        return read;
    }

    private static CertificateRule? Rule(ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        CertificateRule rule = new()
        {
            CommonName = Optional(mapping, "commonName"),
            Dns = Optional(mapping, "dns"),
            Uri = Optional(mapping, "uri"),
            Email = Optional(mapping, "email"),
            Name = mapping.GetObject("name", static name => name.AsText(), null),
            Roles = mapping.GetObject("roles", Texts, [])!,
        };
        mapping.Finish();
        if (!rule.IsSpecific || rule.Roles.Count == 0)
        {
            value.Refuse("commonName, dns, uri or email, and roles are expected");
        }

        return rule;
    }

    private static ModelPattern? Optional(ConfigMapping mapping, string key) => mapping.TryGet(key, out ConfigValue value) ? Pattern(value) : null;

    private static Dictionary<string, IReadOnlyList<string>>? RolesByGroup(ConfigValue value) => value.AsMapping() is { } mapping
        ? mapping.All().ToDictionary(static entry => entry.Key, static entry => Texts(entry.Value) ?? [], StringComparer.Ordinal)
        : null;

    private static IReadOnlyList<string>? Texts(ConfigValue value) => SecurityParsers.Texts(value, out IReadOnlyList<string> texts) ? texts : null;

    private static Uri? Https(ConfigValue value)
    {
        if (value.AsText() is not { } text)
        {
            return null;
        }

        if (IsTrusted(text))
        {
            return new Uri(text);
        }

        value.Refuse("an https address is expected");
        return null;
    }

    // Clear text is for tests on one machine.
    private static bool IsTrusted(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
