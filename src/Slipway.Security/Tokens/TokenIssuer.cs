namespace Slipway.Security.Tokens;

/// <summary>An identity provider whose tokens are taken, as the operator describes it.</summary>
public sealed record TokenIssuer
{
    /// <summary>What the tokens' <c>iss</c> says, to the letter; for OpenID Connect also where its configuration is found.</summary>
    public required string Issuer { get; init; }

    /// <summary>Of these the tokens' <c>aud</c> must hold one. At least one, so that a token for another service is of no use here.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>Where its keys are (a JSON Web Key Set): a file; null: asked of the provider.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Where its keys are (a JSON Web Key Set): an address; null (default): OpenID Connect discovery says.</summary>
    public Uri? KeysUrl { get; init; }

    /// <summary>Claim with the caller's name. Default <c>sub</c>, which never changes and never is given to another.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>Claim with the caller's groups or roles: a list, or a text with blanks between; dots lead into objects, as in <c>realm_access.roles</c>. Default <c>groups</c>.</summary>
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>Grants by group, as they are written; the group <c>*</c> is everybody with a token.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Roles { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How much the provider's clock and ours may differ. Default 60 s.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);
}
