namespace Slipway.Security.Authentication;

/// <summary>Recognises tokens that an identity provider has signed. Thread-safe.</summary>
public interface ITokenVerifier
{
    /// <summary>Whose token it is; completes at once for one that was seen a moment ago.</summary>
    ValueTask<AuthenticationResult> VerifyAsync(string token, CancellationToken cancellationToken);
}
