using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Slipway.Security.Authentication;
using Slipway.Security.Identity;
using Slipway.Security.Policies;

namespace Slipway.Security.Tokens;

/// <summary>
/// Recognises tokens of the identity providers that the operator named. A good token is remembered by its hash for five minutes at most, and no longer than its provider's keys
/// stay the same, so that a client that sends it again pays for one hash.
/// </summary>
internal sealed class TokenVerifier : ITokenVerifier, IDisposable
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly FrozenDictionary<string, IssuerVerifier> _issuers;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<UInt256, Remembered> _remembered = new();

    /// <param name="issuers">Identity providers, each once.</param>
    /// <param name="roles">The roles that there are.</param>
    /// <param name="fetcher">Fetches their keys.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when a provider is away.</param>
    public TokenVerifier(IEnumerable<TokenIssuer> issuers, RoleSet roles, IDocumentFetcher fetcher, TimeProvider time, ILogger<TokenVerifier> logger)
    {
        _time = time;
        _issuers = issuers
            .Select(issuer => new IssuerVerifier(
                issuer, new CachedKeySource(new ProviderDocuments(issuer, fetcher).ReadAsync, time, logger), new TokenCallers(issuer, roles), time))
            .ToFrozenDictionary(static issuer => issuer.Issuer, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public ValueTask<AuthenticationResult> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        UInt256 hash = Hash(token);
        if (_remembered.TryGetValue(hash, out Remembered? known))
        {
            if (known.Keys == known.Issuer.Keys && _time.GetUtcNow() < known.Until)
            {
                return new(new AuthenticationResult(known.Caller, null));
            }

            _remembered.TryRemove(hash, out _);
        }

        return CheckAsync(token, hash, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IssuerVerifier issuer in _issuers.Values)
        {
            issuer.Dispose();
        }
    }

    private async ValueTask<AuthenticationResult> CheckAsync(string text, UInt256 hash, CancellationToken cancellationToken)
    {
        if (SignedToken.Parse(text, out string fault) is not { } token)
        {
            return AuthenticationResult.Refused(fault);
        }

        if (SignedToken.TextOf(token.Claims, "iss") is not { } name || !_issuers.TryGetValue(name, out IssuerVerifier? issuer))
        {
            return AuthenticationResult.Refused("the token is of an unknown issuer");
        }

        (AuthenticationResult result, DateTimeOffset expires) = await issuer.VerifyAsync(token, cancellationToken);
        if (result.Refusal is null && issuer.Keys is { } keys)
        {
            Remember(hash, result.Caller, issuer, keys, expires);
        }

        return result;
    }

    private void Remember(UInt256 hash, CallerIdentity caller, IssuerVerifier issuer, SigningKeySet keys, DateTimeOffset expires)
    {
        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        DateTimeOffset until = _time.GetUtcNow() + Memory;
        _remembered[hash] = new Remembered(caller, issuer, keys, until < expires ? until : expires);
    }

    private static UInt256 Hash(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash);
        return new UInt256(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }

    private readonly record struct UInt256(UInt128 Low, UInt128 High);

    private sealed record Remembered(CallerIdentity Caller, IssuerVerifier Issuer, SigningKeySet Keys, DateTimeOffset Until);
}
