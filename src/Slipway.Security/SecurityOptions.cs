using Slipway.Security.Certificates;
using Slipway.Security.Limits;
using Slipway.Security.Policies;
using Slipway.Security.Tokens;

namespace Slipway.Security;

/// <summary>Who may call a server, and how often.</summary>
public sealed class SecurityOptions
{
    /// <summary>Whether callers must say who they are. Default false, for which every listener has to stay on the loopback unless the operator insists.</summary>
    public bool RequireAuthentication { get; set; }

    /// <summary>Whether API keys are taken. Default true; matters where authentication is required.</summary>
    public bool ApiKeys { get; set; } = true;

    /// <summary>The operator's own roles. Default none.</summary>
    public IReadOnlyList<Role> Roles { get; set; } = [];

    /// <summary>Identity providers whose tokens are taken. Default none.</summary>
    public IReadOnlyList<TokenIssuer> Tokens { get; set; } = [];

    /// <summary>Who client certificates stand for, the first rule that fits. Default none: certificates say nothing.</summary>
    public IReadOnlyList<CertificateRule> Certificates { get; set; } = [];

    /// <summary>How much callers may ask for. Default no limits.</summary>
    public IReadOnlyList<LimitRule> Limits { get; set; } = [];

    /// <summary>Names that the control plane is known by, besides <c>localhost</c> and numeric addresses. Default none.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>Origins of pages that may change things, besides the server's own. Default none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Checks that nothing is asked for that would have no effect, and that every role exists.</summary>
    /// <returns>The roles that there are.</returns>
    /// <exception cref="Core.SlipwayException"><see cref="Core.ErrorCode.InvalidConfiguration"/>, naming the key.</exception>
    internal RoleSet Check()
    {
        RoleSet roles = new(Roles);
        CheckUse("security.tokens", Tokens.Count);
        CheckUse("security.certificates", Certificates.Count);
        CheckUse("security.limits", Limits.Count);
        CheckRoles("security.tokens", Tokens.SelectMany(static issuer => issuer.Roles.Values).SelectMany(static grants => grants), roles);
        CheckRoles("security.certificates", Certificates.SelectMany(static rule => rule.Roles), roles);
        return RequireAuthentication && !ApiKeys && Tokens.Count == 0 && Certificates.Count == 0
            ? throw Refuse("security.apiKeys", "without API keys, security.tokens or security.certificates are needed, or nobody could get in")
            : roles;
    }

    private void CheckUse(string key, int count)
    {
        if (count > 0 && !RequireAuthentication)
        {
            throw Refuse(key, "it has no effect without security.authentication: required");
        }
    }

    private static void CheckRoles(string key, IEnumerable<string> grants, RoleSet roles)
    {
        try
        {
            foreach (string grant in grants)
            {
                roles.Parse([grant]);
            }
        }
        catch (Core.SlipwayException unknown)
        {
            throw Refuse(key, unknown.Message);
        }
    }

    private static Core.SlipwayException Refuse(string key, string fault) => new(Core.ErrorCode.InvalidConfiguration, $"{key}: {fault}");
}
