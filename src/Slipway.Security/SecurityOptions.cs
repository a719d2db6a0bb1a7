using Slipway.Security.Policies;

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
}
