using Slipway.Security.Identity;

namespace Slipway.Security.Authentication;

/// <summary>What came of looking at a request's credentials.</summary>
/// <param name="Caller">Who it is; <see cref="CallerIdentity.Anonymous"/> when there were none, or they were refused.</param>
/// <param name="Refusal">Why they were refused; null when they were not.</param>
public readonly record struct AuthenticationResult(CallerIdentity Caller, string? Refusal)
{
    /// <summary>No credentials.</summary>
    public static AuthenticationResult None => new(CallerIdentity.Anonymous, null);

    /// <summary>Credentials that open nothing.</summary>
    public static AuthenticationResult Refused(string reason) => new(CallerIdentity.Anonymous, reason);
}
