using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Slipway.Security.Keys;

namespace Slipway.Security.Authentication;

/// <summary>
/// Finds out who sent a request. What is in the <c>Authorization</c> header decides alone: bad credentials are not made good by a certificate.
/// </summary>
/// <param name="keys">API keys; null: none are taken.</param>
/// <param name="tokens">Tokens of identity providers; null: none are taken.</param>
/// <param name="certificates">Client certificates; null: they say nothing.</param>
public sealed class Authenticator(ApiKeys? keys, ITokenVerifier? tokens, ICertificateVerifier? certificates)
{
    /// <summary>Looks at a request's credentials.</summary>
    /// <exception cref="Slipway.Core.SlipwayException">They can't be checked now: a store or an identity provider is away.</exception>
    public ValueTask<AuthenticationResult> AuthenticateAsync(HttpContext context)
    {
        StringValues header = context.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return new(FromConnection(context));
        }

        string? fault = AuthorizationHeader.Read(header, out string secret);
        if (fault is not null)
        {
            return new(AuthenticationResult.Refused(fault));
        }

        if (ApiKeys.IsKey(secret))
        {
            return new(FromKey(secret));
        }

        return tokens is null
            ? new(AuthenticationResult.Refused("the token is not an API key of this server"))
            : tokens.VerifyAsync(secret, context.RequestAborted);
    }

    private AuthenticationResult FromKey(string secret)
    {
        if (keys is null)
        {
            return AuthenticationResult.Refused("API keys are switched off");
        }

        return keys.Verify(secret, out string reason) is { } caller ? new AuthenticationResult(caller, null) : AuthenticationResult.Refused(reason);
    }

    private AuthenticationResult FromConnection(HttpContext context) =>
        certificates is not null && context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate
            ? certificates.Verify(certificate)
            : AuthenticationResult.None;
}
