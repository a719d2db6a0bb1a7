using Slipway.Security.Authentication;

namespace Slipway.Security.Tokens;

/// <summary>Checks the tokens of one identity provider.</summary>
internal sealed class IssuerVerifier(TokenIssuer issuer, ISigningKeySource keys, TokenCallers callers, TimeProvider time) : IDisposable
{
    /// <summary>What its tokens' <c>iss</c> says.</summary>
    public string Issuer => issuer.Issuer;

    /// <summary>The keys that count now.</summary>
    public SigningKeySet? Keys => keys.Current;

    /// <summary>Checks a token: its algorithm, its signature, then its claims, so that nothing is told of a forged one.</summary>
    /// <returns>The caller and when the token expires, or why it is refused.</returns>
    public async ValueTask<(AuthenticationResult Result, DateTimeOffset Expires)> VerifyAsync(SignedToken token, CancellationToken cancellationToken)
    {
        if (SignatureAlgorithm.Find(token.Algorithm) is not { } algorithm)
        {
            return Refused("the token is not signed by an accepted algorithm (RS, PS or ES with 256, 384 or 512)");
        }

        SigningKeySet known = await keys.GetAsync(seekNew: false, cancellationToken);
        SigningKey[] candidates = [.. known.For(token, algorithm)];
        if (candidates.Length == 0)
        {
            candidates = [.. (await keys.GetAsync(seekNew: true, cancellationToken)).For(token, algorithm)];
        }

        if (candidates.Length == 0)
        {
            return Refused("the token is signed by an unknown key");
        }

        if (!candidates.Any(key => key.Verifies(token, algorithm)))
        {
            return Refused("the token's signature is wrong");
        }

        if (ClaimRules.Check(token.Claims, issuer, time.GetUtcNow()) is { } fault)
        {
            return Refused(fault);
        }

        return callers.Of(token.Claims) is { } caller
            ? (new AuthenticationResult(caller, null), ClaimRules.ExpiryOf(token.Claims) + issuer.ClockSkew)
            : Refused($"the token has no name in its claim '{issuer.NameClaim}'");
    }

    /// <inheritdoc/>
    public void Dispose() => keys.Dispose();

    private static (AuthenticationResult Result, DateTimeOffset Expires) Refused(string reason) => (AuthenticationResult.Refused(reason), default);
}
